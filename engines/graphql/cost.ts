/**
 * The static cost of an operation by a compiled schema: a second walk over a document that has been found to be well-formed.
 * A field costs its arguments, plus its weight and selections times the length of its list. A fragment is walked once,
 * except where the field around it says how long its lists are. Every inline fragment counts, whatever its type: an upper
 * bound. What is too deep or too much to walk, and a fragment in itself, costs `FIGURE_MAX`.
 */
import { readName, readToken, readUnit } from './characters.ts'
import {
  CLOSE_CURLY,
  CLOSE_ROUND,
  COLON,
  DOLLAR,
  OPEN_CURLY,
  OPEN_ROUND,
  POINT,
  isNameStart,
} from './codes.ts'
import type { CostField, CostSchema, CostType, ListSize } from './cost-schema.ts'
import { type NumberVariables, readNumberVariables, type VariablesPlace } from './cost-variables.ts'
import { OPERATION_TYPES } from './definitions.ts'
import { FIGURE_MAX } from './expansion.ts'
import { numberOfName } from './names.ts'
import type { Scan } from './scan.ts'
import { isWord, nameText } from './tokens.ts'
import { readDirectives, readValue } from './values.ts'

/** Selection sets and fragments inside one another. */
const DEPTH_MAX = 128
/** Fields and selection sets, each as often as it is walked. */
const STEPS_MAX = 20_000
/** More than a second walk over a document within its budgets can use. */
const PLENTY = 2 ** 28

/** Of the operation in this row of the definitions. */
export function costOf(scan: Scan, schema: CostSchema, operation: Operation): number {
  const { definition } = operation
  const { definitions } = scan
  const plenty = {
    tokensLeft: PLENTY,
    argumentsLeft: PLENTY,
    directivesLeft: PLENTY,
    stepsLeft: PLENTY,
  }
  const walk: Walk = {
    scan: { ...scan, ...plenty },
    schema,
    variables: null,
    operation,
    fragments: new Map(),
    stepsLeft: STEPS_MAX,
    isTooMuch: false,
    token: 0,
  }
  const type = OPERATION_TYPES[definitions.kinds[definition] ?? 0] ?? 'query'
  const start = definitions.selectionStarts[definition] ?? 0
  const context = { type: schema.rootTypes.get(type), sizing: null, depth: 0 }
  const cost = selectionsCost(walk, start, context)
  const base = type === 'mutation' ? schema.settings.mutationCost : 0
  return walk.isTooMuch ? FIGURE_MAX : Math.max(0, Math.min(FIGURE_MAX, base + cost))
}

export type Operation = {
  readonly definition: number
  readonly place: VariablesPlace
}

type Walk = {
  readonly scan: Scan
  readonly schema: CostSchema
  readonly operation: Operation
  /** Read when the first argument asks for one. */
  variables: NumberVariables | null
  /** By definition. */
  readonly fragments: Map<number, number>
  stepsLeft: number
  isTooMuch: boolean
  /** The token after what was walked last. */
  token: number
}

/** The length that a field gives to lists of its selection set. */
type Sizing = { readonly size: number; readonly fields: ReadonlySet<string> }

type Context = {
  readonly type: CostType | undefined
  readonly sizing: Sizing | null
  readonly depth: number
}

/** From after the brace to the token after the closing one. */
function selectionsCost(walk: Walk, start: number, context: Context): number {
  const { scan } = walk
  if (context.depth > DEPTH_MAX || --walk.stepsLeft < 0) walk.isTooMuch = true
  let cost = 0
  walk.token = readToken(scan, start)
  while (!walk.isTooMuch) {
    const first = walk.token & 0xff
    if (first === CLOSE_CURLY) {
      walk.token = readToken(scan, walk.token >> 8)
      return cost
    }
    cost += first === POINT ? fragmentCost(walk, context) : fieldCost(walk, context)
  }
  return FIGURE_MAX
}

function fieldCost(walk: Walk, context: Context): number {
  const { scan } = walk
  if (--walk.stepsLeft < 0) walk.isTooMuch = true
  let name = walk.token
  let nameEnd = readName(scan, name >> 8)
  let token = readToken(scan, nameEnd)
  if ((token & 0xff) === COLON) {
    name = readToken(scan, token >> 8)
    nameEnd = readName(scan, name >> 8)
    token = readToken(scan, nameEnd)
  }
  const text = nameText(scan, name, nameEnd)
  const field = context.type?.fields.get(text)
  const given = (token & 0xff) === OPEN_ROUND ? readGiven(walk, field, token) : NOTHING_GIVEN
  token = readDirectives(scan, given.token < 0 ? token : given.token, false)
  const size = sizeOf(field?.listSize ?? null, given.sizes)
  const isComposite = (token & 0xff) === OPEN_CURLY
  let each = field?.weight ?? (isComposite ? 1 : 0)
  walk.token = token
  if (isComposite) {
    const sized = field?.listSize?.sizedFields
    const hasSized = sized !== undefined && sized.size > 0 && size !== null
    const type = walk.schema.types.get(field?.typeName ?? '')
    const sizing = hasSized ? { size, fields: sized } : null
    each += selectionsCost(walk, token >> 8, { type, sizing, depth: context.depth + 1 })
  }
  let length = 1
  if (field?.isList === true) {
    const isSized = context.sizing?.fields.has(text) === true
    const own = (field.listSize?.sizedFields.size ?? 0) > 0 ? null : size
    length = (isSized ? context.sizing?.size : own) ?? walk.schema.settings.listSize
  }
  return Math.min(FIGURE_MAX, given.cost + length * each)
}

/** What the arguments of a field cost, the sizes that they name, and the token after them. */
type Given = {
  readonly cost: number
  readonly sizes: ReadonlyMap<string, number>
  readonly token: number
}

const NOTHING_GIVEN: Given = { cost: 0, sizes: new Map(), token: -1 }

function readGiven(walk: Walk, field: CostField | undefined, open: number): Given {
  const { scan } = walk
  const sizes = new Map<string, number>()
  let cost = 0
  let token = readToken(scan, open >> 8)
  while ((token & 0xff) !== CLOSE_ROUND) {
    const nameEnd = readName(scan, token >> 8)
    const name = nameText(scan, token, nameEnd)
    const value = readToken(scan, readToken(scan, nameEnd) >> 8)
    const end = readValue(scan, value, false)
    cost += field?.argumentWeights.get(name) ?? 0
    if (field?.listSize?.slicingArguments.has(name) === true) {
      const size = readSize(walk, value, end)
      // JSON reads 1e999 as endless, and endless times nothing would be no number, which no limit stops.
      if (size !== null) sizes.set(name, Math.min(FIGURE_MAX, Math.max(0, size)))
    }
    token = readToken(scan, end)
  }
  return { cost, sizes, token: readToken(scan, token >> 8) }
}

/** A number as written or in a variable; null for anything else. */
function readSize(walk: Walk, value: number, end: number): number | null {
  const { scan } = walk
  if ((value & 0xff) === DOLLAR) {
    const { definition, place } = walk.operation
    walk.variables ??= readNumberVariables(scan, definition, place)
    const name = readToken(scan, value >> 8)
    return walk.variables.get(nameText(scan, name, end)) ?? null
  }
  const size = Number(nameText(scan, value, end))
  return Number.isFinite(size) ? size : null
}

/** The greatest of the slicing arguments, given or by default, or else the assumed size; null when nothing tells. */
function sizeOf(listSize: ListSize | null, sizes: ReadonlyMap<string, number>): number | null {
  if (listSize === null) return null
  let greatest: number | null = null
  for (const [name, byDefault] of listSize.slicingArguments) {
    const size = sizes.get(name) ?? byDefault
    if (size !== null && (greatest === null || size > greatest)) greatest = size
  }
  return greatest ?? listSize.assumedSize
}

/** A spread or an inline fragment, from its first point. */
function fragmentCost(walk: Walk, context: Context): number {
  const { scan } = walk
  const first = skipPoints(scan, walk.token >> 8)
  let token = first
  let type = context.type
  if (isNameStart(first)) {
    const nameEnd = readName(scan, first >> 8)
    token = readToken(scan, nameEnd)
    if (!isWord(scan, first, 'on')) {
      const after = readDirectives(scan, token, false)
      const cost = spreadCost(walk, numberOfName(scan, first, nameEnd), context)
      walk.token = after
      return cost
    }
    const typeEnd = readName(scan, token >> 8)
    type = walk.schema.types.get(nameText(scan, token, typeEnd))
    token = readToken(scan, typeEnd)
  }
  token = readDirectives(scan, token, false)
  return selectionsCost(walk, token >> 8, { ...context, type, depth: context.depth + 1 })
}

/** The token after three points, the first of which is read. */
function skipPoints(scan: Scan, from: number): number {
  return readToken(scan, readUnit(scan, readUnit(scan, from)))
}

function spreadCost(walk: Walk, name: number, { sizing, depth }: Context): number {
  const { definitions } = walk.scan
  const definition = definitions.fragmentDefinitions[name] ?? -1
  if (definition < 0) return 0
  const known = sizing === null ? walk.fragments.get(definition) : undefined
  if (known !== undefined) return known
  const typeName = nameText(
    walk.scan,
    definitions.typeTokens[definition] ?? 0,
    definitions.typeEnds[definition] ?? 0,
  )
  const type = walk.schema.types.get(typeName)
  const start = definitions.selectionStarts[definition] ?? 0
  const cost = Math.min(FIGURE_MAX, selectionsCost(walk, start, { type, sizing, depth: depth + 1 }))
  if (sizing === null) walk.fragments.set(definition, cost)
  return cost
}
