/**
 * What a document defines and which fragments it uses, in typed arrays: one row a definition, one a spread, one a fragment's
 * name. Rows are written as the pass goes along; whose name a spread has is known when the document has ended.
 */
import type { GraphqlLimits } from './limits.ts'

/** What is counted of a selection set and added up through spreads. */
export const COUNTS = ['leaves', 'fields', 'aliases', 'directives', 'rootFields'] as const
export const LEAVES = 0
export const FIELDS = 1
export const ALIASES = 2
export const DIRECTIVES = 3
export const ROOT_FIELDS = 4

/** What a definition is; the order is that of `OPERATION_TYPES`. */
export const FRAGMENT = 3
export const OPERATION_TYPES = ['query', 'mutation', 'subscription'] as const

export type Definitions = {
  count: number
  readonly kinds: Uint8Array
  /** The token a name starts with, 0 without a name, and where it ends. */
  readonly nameTokens: Int32Array
  readonly nameEnds: Int32Array
  /** The name of the type that a fragment is on. */
  readonly typeTokens: Int32Array
  readonly typeEnds: Int32Array
  /** Where the variable definitions start, 0 without any, and the selection set, after its brace. */
  readonly variableStarts: Int32Array
  readonly selectionStarts: Int32Array
  /** `COUNTS.length` figures a definition, spreads left out. */
  readonly counts: Int32Array
  /** Of the deepest leaf, -1 without leaves. */
  readonly depths: Int32Array
  readonly hasIntrospection: Uint8Array
  /** A definition's spreads are those from here up to the first one of the next definition. */
  readonly firstSpreads: Int32Array

  spreadCount: number
  readonly spreadNames: Int32Array
  readonly spreadDepths: Int32Array

  nameCount: number
  /** A place where the name is written. */
  readonly fragmentTokens: Int32Array
  readonly fragmentEnds: Int32Array
  readonly fragmentHashes: Int32Array
  readonly fragmentBuckets: Int32Array
  /** The definition of this name, -1 when there is none. */
  readonly fragmentDefinitions: Int32Array
  /** A hash table with open addressing: numbers of names, -1 where free. */
  readonly buckets: Int32Array
}

export function createDefinitions(limits: GraphqlLimits): Definitions {
  const definitions = limits.operationsMax + limits.fragmentsMax
  const names = limits.fragmentsMax + limits.spreadsMax
  const buckets = 2 ** Math.ceil(Math.log2(names * 2 + 2))
  return {
    count: 0,
    kinds: new Uint8Array(definitions),
    nameTokens: new Int32Array(definitions),
    nameEnds: new Int32Array(definitions),
    typeTokens: new Int32Array(definitions),
    typeEnds: new Int32Array(definitions),
    variableStarts: new Int32Array(definitions),
    selectionStarts: new Int32Array(definitions),
    counts: new Int32Array(definitions * COUNTS.length),
    depths: new Int32Array(definitions),
    hasIntrospection: new Uint8Array(definitions),
    firstSpreads: new Int32Array(definitions + 1),
    spreadCount: 0,
    spreadNames: new Int32Array(limits.spreadsMax),
    spreadDepths: new Int32Array(limits.spreadsMax),
    nameCount: 0,
    fragmentTokens: new Int32Array(names),
    fragmentEnds: new Int32Array(names),
    fragmentBuckets: new Int32Array(names),
    fragmentHashes: new Int32Array(names),
    fragmentDefinitions: new Int32Array(names),
    buckets: new Int32Array(buckets).fill(-1),
  }
}

/** Makes room for the next document. */
export function clearDefinitions(definitions: Definitions): void {
  definitions.count = 0
  definitions.spreadCount = 0
  for (let name = 0; name < definitions.nameCount; name++) {
    definitions.buckets[definitions.fragmentBuckets[name] ?? 0] = -1
  }
  definitions.nameCount = 0
}
