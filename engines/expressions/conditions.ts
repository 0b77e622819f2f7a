/**
 * What must be true of a request so that an expression can hold: the values that its host, method and path must have.
 * Sound and not complete: a request that the conditions exclude never makes the expression true, so rules can be
 * indexed by them; without conditions the expression has to be asked.
 */
import type { Comparison, Expression, Operand, Test } from './ast.ts'
import { fieldIndex } from './fields/fields.ts'
import { hasEscapedBytes } from './values/bytes.ts'

export type NecessaryConditions = {
  /** `http.host` is one of these. */
  readonly hosts?: readonly string[]
  /** `http.request.method` is one of these. */
  readonly methods?: readonly string[]
  /** `http.request.uri.path` is one of these. */
  readonly paths?: readonly string[]
  /** `http.request.uri.path` starts with one of these. */
  readonly pathPrefixes?: readonly string[]
}

type Name = keyof NecessaryConditions

const NONE: NecessaryConditions = {}
const NAMES: readonly Name[] = ['hosts', 'methods', 'paths', 'pathPrefixes']
const VALUE_FIELDS: ReadonlyMap<number, Name> = new Map([
  [fieldIndex('http.host'), 'hosts'],
  [fieldIndex('http.request.method'), 'methods'],
  [fieldIndex('http.request.uri.path'), 'paths'],
])
const PATH = fieldIndex('http.request.uri.path')

/** The conditions that follow from comparisons with literals, below `and` and `or`; everything else says nothing. */
export function necessaryConditions(expression: Expression): NecessaryConditions {
  switch (expression.kind) {
    case 'combination': {
      if (expression.isMany || expression.operator === 'xor') return NONE
      const items = expression.items.map((item) => necessaryConditions(item))
      return items.reduce(expression.operator === 'and' ? both : either)
    }
    case 'comparison':
      return conditionsOf(expression)
    case 'negation':
    case 'quantifier':
      return NONE
  }
}

function conditionsOf({ operand, test }: Comparison): NecessaryConditions {
  if (test.kind === 'truth') return prefixCondition(operand)
  const name = operand.base.kind === 'field' ? VALUE_FIELDS.get(operand.base.index) : undefined
  if (name === undefined || operand.steps.length > 0) return NONE
  if (test.kind === 'pattern' && name === 'paths') return patternCondition(test)
  if (test.kind === 'text-set') return { [name]: [...new Set(test.members)] }
  return test.kind === 'text-order' && test.operator === 'eq' ? { [name]: [test.right] } : NONE
}

/** What stands before the first star of a `strict wildcard` is a prefix; escapes are left to the evaluation. */
function patternCondition({ operator, pattern }: Test & { kind: 'pattern' }): NecessaryConditions {
  const prefix = /^[^*\\]*/.exec(pattern)?.[0] ?? ''
  const isUsable = operator === 'strict wildcard' && prefix !== '' && !hasEscapedBytes(prefix)
  return isUsable ? { pathPrefixes: [prefix] } : NONE
}

/** `starts_with(http.request.uri.path, "…")`. */
function prefixCondition({ base, steps }: Operand): NecessaryConditions {
  if (base.kind === 'field' || base.row.name !== 'starts_with' || steps.length > 0) return NONE
  const [subject, prefix] = base.arguments
  const isPath =
    subject?.kind === 'operand' &&
    subject.base.kind === 'field' &&
    subject.base.index === PATH &&
    subject.steps.length === 0
  if (!isPath || prefix?.kind !== 'constant' || typeof prefix.value !== 'string') return NONE
  // Half a character is a prefix of bytes, but not of text.
  return hasEscapedBytes(prefix.value) ? NONE : { pathPrefixes: [prefix.value] }
}

/** Either side's conditions hold. Two sets of prefixes are both true, but one is enough to look for. */
function both(left: NecessaryConditions, right: NecessaryConditions): NecessaryConditions {
  return merge((name) => {
    const [a, b] = [left[name], right[name]]
    if (a === undefined || b === undefined) return a ?? b
    return name === 'pathPrefixes' ? a : [...new Set(a).intersection(new Set(b))]
  })
}

/** Only what both sides speak of holds. */
function either(left: NecessaryConditions, right: NecessaryConditions): NecessaryConditions {
  return merge((name) => {
    const [a, b] = [left[name], right[name]]
    return a === undefined || b === undefined ? undefined : [...new Set(a).union(new Set(b))]
  })
}

function merge(combine: (name: Name) => readonly string[] | undefined): NecessaryConditions {
  const entries = NAMES.flatMap((name) => {
    const values = combine(name)
    return values === undefined ? [] : [[name, values] as const]
  })
  return Object.fromEntries(entries)
}
