/** Which operation of a document runs, and what it asks for. */
import {
  ALIASES,
  COUNTS,
  type Definitions,
  DIRECTIVES,
  FIELDS,
  FRAGMENT,
  LEAVES,
  OPERATION_TYPES,
  ROOT_FIELDS,
} from './definitions.ts'
import { type Expansion, FIGURE_MAX } from './expansion.ts'
import type { GraphqlMeasurement, OperationFigures, OperationType } from './measurement.ts'
import { isJsonText } from './json.ts'
import { isNameInJson } from './names.ts'
import type { Scan } from './scan.ts'
import { nameText } from './tokens.ts'

/** What is measured of one request after another. */
export type Totals = { -readonly [Name in keyof GraphqlMeasurement]: GraphqlMeasurement[Name] }

/**
 * The definition that runs: the operation of this name, or else the largest, the deepest of equals; -1 without operations. A
 * name that no operation has, or several have, makes servers refuse, so that the largest is never less than what runs.
 */
export function chooseOperation(
  expansion: Expansion,
  definitions: Definitions,
  isNamed: ((definition: number) => boolean) | null,
): number {
  const named = isNamed === null ? -1 : largest(expansion, definitions, isNamed)
  return named >= 0 ? named : largest(expansion, definitions, () => true)
}

function largest(
  { counts, depths }: Expansion,
  definitions: Definitions,
  isCandidate: (definition: number) => boolean,
): number {
  let chosen = -1
  let size = -1
  let depth = -1
  for (let definition = 0; definition < definitions.count; definition++) {
    if (definitions.kinds[definition] === FRAGMENT || !isCandidate(definition)) continue
    const ownSize = counts[definition * COUNTS.length + LEAVES] ?? 0
    const ownDepth = depths[definition] ?? -1
    if (chosen >= 0 && (ownSize < size || (ownSize === size && ownDepth <= depth))) continue
    chosen = definition
    size = ownSize
    depth = ownDepth
  }
  return chosen
}

/** Adds the operation that runs to what is known of a request: sums of sizes, the greatest depth, the first name. */
export function addOperation(totals: Totals, scan: Scan, chosen: Chosen): void {
  const { definition, expansion, extraDepth } = chosen
  const { definitions } = scan
  const row = definition * COUNTS.length
  const own = definitions.counts
  const { counts } = expansion
  const size = counts[row + LEAVES] ?? 0
  totals.query_size = saturated(totals.query_size, size)
  totals.query_size_max = Math.max(totals.query_size_max, size)
  totals.query_size_unexpanded += own[row + LEAVES] ?? 0
  const expandedDepth = Math.max(0, expansion.depths[definition] ?? 0) + extraDepth
  totals.query_depth = Math.min(FIGURE_MAX, Math.max(totals.query_depth, expandedDepth))
  const depth = Math.max(0, definitions.depths[definition] ?? 0) + extraDepth
  totals.query_depth_unexpanded = Math.max(totals.query_depth_unexpanded, depth)
  totals.fields_expanded = saturated(totals.fields_expanded, counts[row + FIELDS])
  totals.aliases_expanded = saturated(totals.aliases_expanded, counts[row + ALIASES])
  totals.directives_expanded = saturated(totals.directives_expanded, counts[row + DIRECTIVES])
  totals.root_fields = saturated(totals.root_fields, counts[row + ROOT_FIELDS])
  totals.introspection ||= expansion.hasIntrospection[definition] === 1
  totals.fragment_cycle ||= expansion.isCyclic[definition] === 1
  const type = typeOf(definitions, definition)
  if (totals.operation_type === null || type === 'mutation') totals.operation_type = type
  totals.operation_name ??= nameOf(scan, definition)
}

/** Every operation of the document that was read last. */
export function describeOperations(scan: Scan, expansion: Expansion): readonly OperationFigures[] {
  const { definitions } = scan
  const figures: OperationFigures[] = []
  for (let definition = 0; definition < definitions.count; definition++) {
    if (definitions.kinds[definition] === FRAGMENT) continue
    const row = definition * COUNTS.length
    figures.push({
      name: nameOf(scan, definition),
      type: typeOf(definitions, definition),
      leaves_unexpanded: definitions.counts[row + LEAVES] ?? 0,
      leaves_expanded: expansion.counts[row + LEAVES] ?? 0,
      depth_unexpanded: Math.max(0, definitions.depths[definition] ?? 0),
      depth_expanded: Math.max(0, expansion.depths[definition] ?? 0),
    })
  }
  return figures
}

/** The name of an operation, null when it has none. */
export function nameOf(scan: Scan, definition: number): string | null {
  const token = scan.definitions.nameTokens[definition] ?? 0
  return token === 0 ? null : nameText(scan, token, scan.definitions.nameEnds[definition] ?? 0)
}

/** Whether an operation has the name that a JSON string says, from after its opening quote. */
export function isOperationNamed(scan: Scan, definition: number, from: number): boolean {
  const token = scan.definitions.nameTokens[definition] ?? 0
  const end = scan.definitions.nameEnds[definition] ?? 0
  return token === 0 ? isJsonText(scan, from, '') : isNameInJson(scan, from, { token, end })
}

type Chosen = {
  readonly definition: number
  readonly expansion: Expansion
  /** What every depth is more. */
  readonly extraDepth: number
}

function typeOf({ kinds }: Definitions, definition: number): OperationType {
  return OPERATION_TYPES[kinds[definition] ?? 0] ?? 'query'
}

function saturated(sum: number, more: number | undefined): number {
  return Math.min(FIGURE_MAX, sum + (more ?? 0))
}
