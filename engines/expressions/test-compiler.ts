/** Compiles tests of one value, a closure for each operator and type. A value of another type fails every test. */
import type { OrderingOperator, Test } from './ast.ts'
import { isIp, type Value, type ValueTest } from './value.ts'
import { compareText } from './values/bytes.ts'
import { compileBitMask, compileIntSet } from './values/int-range.ts'
import { compareIp, type Ip } from './values/ip.ts'
import { compileIpSet } from './values/ip-range.ts'
import { compileContains } from './values/search.ts'

/** The test of a value that is not missing. */
export function compileTest(test: Test): ValueTest {
  switch (test.kind) {
    case 'truth':
      return (value) => value === true
    case 'text-order':
      return compileTextOrder(test.operator, test.right)
    case 'int-order':
      return compileIntOrder(test.operator, Number(test.right))
    case 'ip-order':
      return compileIpOrder(test.operator, test.right)
    case 'text-set':
      return compileTextSet(test.members)
    case 'int-set':
      return onInt(compileIntSet(test.ranges))
    case 'ip-set': {
      const isMember = compileIpSet(test.ranges)
      return (value) => isIp(value) && isMember(value)
    }
    case 'bits':
      return onInt(compileBitMask(test.mask))
    case 'contains':
      return onText(compileContains(test.needle))
    case 'list': {
      const { name } = test
      return (value, source) => source.list?.(name)?.(value) ?? false
    }
    case 'pattern':
      return onText(test.test)
  }
}

/** Up to this many texts are compared one by one: hashing the value would cost more. */
const COMPARED_MEMBERS_MAX = 4

function compileTextSet(texts: readonly string[]): ValueTest {
  const members: ReadonlySet<Value> = new Set(texts)
  if (members.size > COMPARED_MEMBERS_MAX) return (value) => members.has(value)
  return (value) => {
    for (const text of texts) if (text === value) return true
    return false
  }
}

function compileTextOrder(operator: OrderingOperator, right: string): ValueTest {
  switch (operator) {
    case 'eq':
      return (value) => value === right
    case 'ne':
      return (value) => value !== right
    case 'ge':
      return onText((text) => compareText(text, right) >= 0)
    case 'le':
      return onText((text) => compareText(text, right) <= 0)
    case 'gt':
      return onText((text) => compareText(text, right) > 0)
    case 'lt':
      return onText((text) => compareText(text, right) < 0)
  }
}

function compileIntOrder(operator: OrderingOperator, right: number): ValueTest {
  switch (operator) {
    case 'eq':
      return (value) => value === right
    case 'ne':
      return (value) => value !== right
    case 'ge':
      return onInt((int) => int >= right)
    case 'le':
      return onInt((int) => int <= right)
    case 'gt':
      return onInt((int) => int > right)
    case 'lt':
      return onInt((int) => int < right)
  }
}

/** Addresses of different families are incomparable: only `ne` holds (`strict_partial_ord.rs`). */
function compileIpOrder(operator: OrderingOperator, right: Ip): ValueTest {
  const accepts = ORDERS[operator]
  const whenIncomparable = operator === 'ne'
  return (value) => {
    if (!isIp(value)) return false
    const order = compareIp(value, right)
    return order === undefined ? whenIncomparable : accepts(order)
  }
}

const ORDERS: Readonly<Record<OrderingOperator, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  ge: (order) => order >= 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  lt: (order) => order < 0,
}

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value)
}

function onInt(test: (int: number) => boolean): ValueTest {
  return (value) => typeof value === 'number' && test(value)
}
