/**
 * What a document asks for once every spread stands for its fragment: arithmetic over the definitions, each of which is
 * looked at once, so that the work is linear in the document however much it expands to. Figures saturate at `FIGURE_MAX`.
 * A fragment that contains itself has no end: all its figures are `FIGURE_MAX`, unless the document has no field at all. A
 * fragment that is not there adds nothing.
 */
import { COUNTS, type Definitions, FIELDS, ROOT_FIELDS } from './definitions.ts'

/** Sums of two of these are still exact. */
export const FIGURE_MAX = 2 ** 52

export type Expansion = {
  /** By definition: `COUNTS.length` figures. */
  readonly counts: Float64Array
  readonly depths: Float64Array
  readonly hasIntrospection: Uint8Array
  readonly isCyclic: Uint8Array
  /** The document has fields, so that what has no end is not nothing. */
  hasFields: boolean
  readonly states: Uint8Array
  /** The definitions that are being expanded, and which spread of each comes next. */
  readonly path: Int32Array
  readonly nextSpreads: Int32Array
}

export function createExpansion(definitionsMax: number): Expansion {
  return {
    counts: new Float64Array(definitionsMax * COUNTS.length),
    depths: new Float64Array(definitionsMax),
    hasIntrospection: new Uint8Array(definitionsMax),
    isCyclic: new Uint8Array(definitionsMax),
    hasFields: false,
    states: new Uint8Array(definitionsMax),
    path: new Int32Array(definitionsMax),
    nextSpreads: new Int32Array(definitionsMax),
  }
}

const UNTOUCHED = 0
const UNDER_WAY = 1
const DONE = 2

/** Fills in the figures of every definition. */
export function expand(expansion: Expansion, definitions: Definitions): void {
  const { states } = expansion
  expansion.hasFields = false
  for (let definition = 0; definition < definitions.count; definition++) {
    states[definition] = UNTOUCHED
    if ((definitions.counts[definition * COUNTS.length + FIELDS] ?? 0) > 0) {
      expansion.hasFields = true
    }
  }
  for (let definition = 0; definition < definitions.count; definition++) {
    if (states[definition] === UNTOUCHED) expandOne(expansion, definitions, definition)
  }
}

/** Depth first and without recursion: a fragment is done before what uses it. */
function expandOne(expansion: Expansion, definitions: Definitions, first: number): void {
  const { states, path, nextSpreads } = expansion
  let length = 1
  path[0] = first
  while (length > 0) {
    const definition = path[length - 1] ?? 0
    if (states[definition] === UNTOUCHED) enter(expansion, definitions, definition)
    const spread = nextSpreads[definition] ?? 0
    if (spread >= (definitions.firstSpreads[definition + 1] ?? 0)) {
      states[definition] = DONE
      length -= 1
      continue
    }
    const target = definitions.fragmentDefinitions[definitions.spreadNames[spread] ?? 0] ?? -1
    if (target >= 0 && states[target] === UNTOUCHED) {
      path[length] = target
      length += 1
      continue
    }
    nextSpreads[definition] = spread + 1
    if (target < 0) continue
    if (states[target] === UNDER_WAY) markCyclic(expansion, definition)
    else add(expansion, { definition, target, depth: definitions.spreadDepths[spread] ?? 0 })
  }
}

/** Starts with what a definition has of its own. */
function enter(expansion: Expansion, definitions: Definitions, definition: number): void {
  expansion.states[definition] = UNDER_WAY
  expansion.nextSpreads[definition] = definitions.firstSpreads[definition] ?? 0
  expansion.depths[definition] = definitions.depths[definition] ?? -1
  expansion.hasIntrospection[definition] = definitions.hasIntrospection[definition] ?? 0
  expansion.isCyclic[definition] = 0
  const row = definition * COUNTS.length
  for (let column = 0; column < COUNTS.length; column++) {
    expansion.counts[row + column] = definitions.counts[row + column] ?? 0
  }
}

function markCyclic(expansion: Expansion, definition: number): void {
  expansion.isCyclic[definition] = 1
  if (!expansion.hasFields) return
  expansion.depths[definition] = FIGURE_MAX
  const row = definition * COUNTS.length
  expansion.counts.fill(FIGURE_MAX, row, row + COUNTS.length)
}

type Use = {
  readonly definition: number
  readonly target: number
  /** How many fields are around the spread. */
  readonly depth: number
}

/** Adds the figures of a fragment that is done to those of a definition that uses it. */
function add(expansion: Expansion, { definition, target, depth }: Use): void {
  const { counts, depths, hasIntrospection, isCyclic } = expansion
  const row = definition * COUNTS.length
  const targetRow = target * COUNTS.length
  for (let column = 0; column < COUNTS.length; column++) {
    // Root fields are those of a root selection set.
    if (column === ROOT_FIELDS && depth > 0) continue
    const sum = (counts[row + column] ?? 0) + (counts[targetRow + column] ?? 0)
    counts[row + column] = Math.min(FIGURE_MAX, sum)
  }
  const targetDepth = depths[target] ?? -1
  const own = depths[definition] ?? -1
  if (targetDepth >= 0) {
    depths[definition] = Math.min(FIGURE_MAX, Math.max(own, depth + targetDepth))
  }
  if (hasIntrospection[target] === 1) hasIntrospection[definition] = 1
  if (isCyclic[target] === 1) isCyclic[definition] = 1
}
