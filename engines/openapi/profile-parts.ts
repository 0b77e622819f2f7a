/**
 * A profile in parts, so that whoever judges requests to one operation reads little of a large document.
 *
 * Promises that the parts named for an operation hold it and every schema it reaches, that the same profile always gives the
 * same parts, and that a part is no longer than asked unless a single operation or schema is. Schemas that no operation
 * reaches are left out. A schema of one operation lies beside it; shared ones lie by the stretch of the document that uses
 * them, so that what everybody needs is together and what two neighbours need is elsewhere.
 */
import type { JsonSchema } from './compile/schema.ts'
import {
  createGraph,
  neighbours,
  reachedBy,
  spansOf,
  type Divisible,
  type Graph,
  type Span,
} from './profile-graph.ts'

type SplitProfile<Operation> = {
  readonly parts: readonly Divisible<Operation>[]
  /** By operation key: numbers of the parts that it needs, ascending. */
  readonly partNumbers: { readonly [key: string]: readonly number[] }
}

type PartLimits = {
  /** Characters of the JSON text of one part. */
  readonly partCharactersMax: number
}

/** Splits a profile; every operation of it is in the index. */
export function splitProfile<Operation>(
  profile: Divisible<Operation>,
  limits: PartLimits,
): SplitProfile<Operation> {
  const graph = createGraph(profile)
  const packed = pack(unitsOf(profile, spansOf(graph)), limits)
  return {
    parts: packed.map(partOf),
    partNumbers: partNumbersOf(graph, packed),
  }
}

type Piece<Operation> =
  | { readonly kind: 'operations'; readonly name: string; readonly body: Operation }
  | { readonly kind: 'schemas'; readonly name: string; readonly body: JsonSchema }

/** What had better stay in one part. */
type Unit<Operation> = readonly Piece<Operation>[]

function unitsOf<Operation>(
  { operations, schemas }: Divisible<Operation>,
  spans: ReadonlyMap<string, Span>,
): readonly Unit<Operation>[] {
  const units: Piece<Operation>[][] = Object.entries(operations).map(([name, body]) => [
    { kind: 'operations', name, body },
  ])
  const shared: { readonly piece: Piece<Operation>; readonly span: Span }[] = []
  for (const [name, body] of Object.entries(schemas)) {
    const span = spans.get(name)
    if (span === undefined) continue
    const piece: Piece<Operation> = { kind: 'schemas', name, body }
    if (span.first < span.last) shared.push({ piece, span })
    else units[span.first]?.push(piece)
  }
  return [...units, ...shared.toSorted(byStretch).map(({ piece }) => [piece])]
}

type Placed = { readonly span: Span }

/** Widest first, by powers of two; of about equal width by place. The sort is stable, so the same profile gives the same order. */
function byStretch({ span: a }: Placed, { span: b }: Placed): number {
  return widthClass(b) - widthClass(a) || a.first - b.first || a.last - b.last
}

function widthClass({ first, last }: Span): number {
  return Math.floor(Math.log2(last - first + 1))
}

/** One after another: two neighbouring parts together are longer than one may be, which bounds their number. */
function pack<Operation>(
  units: readonly Unit<Operation>[],
  { partCharactersMax }: PartLimits,
): readonly Unit<Operation>[] {
  const packed: Unit<Operation>[] = []
  let open: Piece<Operation>[] = []
  let room = partCharactersMax - EMPTY_CHARACTERS
  const makeRoom = (characters: number): void => {
    if (characters <= room || open.length === 0) return
    packed.push(open)
    open = []
    room = partCharactersMax - EMPTY_CHARACTERS
  }
  for (const unit of units) {
    const weighed = unit.map((piece) => ({ piece, characters: charactersOf(piece) }))
    makeRoom(weighed.reduce((sum, { characters }) => sum + characters, 0))
    for (const { piece, characters } of weighed) {
      makeRoom(characters)
      open.push(piece)
      room -= characters
    }
  }
  if (open.length > 0) packed.push(open)
  return packed
}

/** With the colon and the comma around it. */
function charactersOf({ name, body }: Piece<unknown>): number {
  return JSON.stringify(name).length + JSON.stringify(body).length + 2
}

const EMPTY_CHARACTERS = JSON.stringify({ operations: {}, schemas: {} }).length

function partOf<Operation>(pieces: Unit<Operation>): Divisible<Operation> {
  const operations = pieces.flatMap((piece) => (piece.kind === 'operations' ? [piece] : []))
  const schemas = pieces.flatMap((piece) => (piece.kind === 'schemas' ? [piece] : []))
  return {
    operations: Object.fromEntries(operations.map(({ name, body }) => [name, body])),
    schemas: Object.fromEntries(schemas.map(({ name, body }) => [name, body])),
  }
}

function partNumbersOf(
  graph: Graph,
  packed: readonly Unit<unknown>[],
): SplitProfile<unknown>['partNumbers'] {
  const homes = { operations: new Map<string, number>(), schemas: new Map<string, number>() }
  for (const [number, pieces] of packed.entries()) {
    for (const { kind, name } of pieces) homes[kind].set(name, number)
  }
  const reach = reachedBy(graph, homes.schemas)
  return Object.fromEntries(
    [...graph.operations].map(([key, references]) => {
      const numbers = new Set([homes.operations.get(key) ?? 0])
      for (const name of neighbours(graph, references)) {
        for (const number of reach.get(name) ?? []) numbers.add(number)
      }
      return [key, [...numbers].toSorted((a, b) => a - b)]
    }),
  )
}
