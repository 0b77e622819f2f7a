/** The same figures from the tree of graphql-js: what this engine must agree with, computed the long way. */
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql'

export type ReferenceFigures = {
  /** The parser takes it, and it defines no types. */
  readonly isExecutable: boolean
  readonly fields: number
  readonly aliases: number
  readonly directives: number
  readonly arguments: number
  readonly fragments: number
  readonly operations: readonly ReferenceOperation[]
}

export type ReferenceOperation = {
  readonly name: string | null
  readonly type: string
  readonly leaves_unexpanded: number
  readonly leaves_expanded: number
  readonly depth_unexpanded: number
  readonly depth_expanded: number
}

/** A query without end. */
const ENDLESS = 2 ** 52

const REFUSED: ReferenceFigures = {
  isExecutable: false,
  fields: 0,
  aliases: 0,
  directives: 0,
  arguments: 0,
  fragments: 0,
  operations: [],
}

export function measureTree(text: string): ReferenceFigures {
  const document = parsed(text)
  if (document === undefined || !document.definitions.every(isExecutable)) return REFUSED
  const counts = { fields: 0, aliases: 0, directives: 0, arguments: 0 }
  visit(document, {
    Field(node) {
      counts.fields += 1
      if (node.alias !== undefined) counts.aliases += 1
    },
    Directive: () => void (counts.directives += 1),
    Argument: () => void (counts.arguments += 1),
  })
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  // As in graphql-js, the last one of a name counts.
  const byName = new Map(fragments.map((each) => [each.name.value, each]))
  const expansion = { byName, memo: new Map<string, Expanded>(), hasFields: counts.fields > 0 }
  return {
    isExecutable: true,
    ...counts,
    fragments: fragments.length,
    operations: operations.map((operation) => describe(operation, expansion)),
  }
}

function parsed(text: string): DocumentNode | undefined {
  try {
    // The grammar of the specification has none, and graphql-js 17 takes them unless told.
    return parse(text, { noLocation: true, allowEmptySelectionSets: false })
  } catch {
    return undefined
  }
}

function isExecutable({ kind }: DefinitionNode): boolean {
  return kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION
}

type Expanded = { readonly leaves: number; readonly depth: number }

type Expansion = {
  readonly byName: ReadonlyMap<string, FragmentDefinitionNode>
  readonly memo: Map<string, Expanded>
  readonly hasFields: boolean
}

function describe(node: OperationDefinitionNode, expansion: Expansion): ReferenceOperation {
  const own = sumOf(node.selectionSet, () => ({ leaves: 0, depth: -1 }))
  const isEndless = expansion.hasFields && hasCycle(node.selectionSet, expansion, [])
  const all = isEndless
    ? { leaves: ENDLESS, depth: ENDLESS }
    : sumOf(node.selectionSet, (name) => expanded(name, expansion))
  return {
    name: node.name?.value ?? null,
    type: node.operation,
    leaves_unexpanded: own.leaves,
    leaves_expanded: all.leaves,
    depth_unexpanded: Math.max(0, own.depth),
    depth_expanded: Math.max(0, all.depth),
  }
}

function sumOf(set: SelectionSetNode, spread: (name: string) => Expanded): Expanded {
  let leaves = 0
  let depth = -1
  for (const each of set.selections) {
    let part: Expanded = { leaves: 1, depth: 0 }
    if (each.kind === Kind.FRAGMENT_SPREAD) part = spread(each.name.value)
    else if (each.selectionSet !== undefined) {
      const inner = sumOf(each.selectionSet, spread)
      const levels = each.kind === Kind.FIELD && inner.depth >= 0 ? 1 : 0
      part = { leaves: inner.leaves, depth: inner.depth + levels }
    }
    leaves += part.leaves
    depth = Math.max(depth, part.depth)
  }
  return { leaves: Math.min(ENDLESS, leaves), depth }
}

function expanded(name: string, expansion: Expansion): Expanded {
  const known = expansion.memo.get(name)
  if (known !== undefined) return known
  const fragment = expansion.byName.get(name)
  // What a cycle leads back to adds nothing here: where there are fields, its operation is known to be endless.
  expansion.memo.set(name, { leaves: 0, depth: -1 })
  const nothing = { leaves: 0, depth: -1 }
  const sum =
    fragment === undefined
      ? nothing
      : sumOf(fragment.selectionSet, (each) => expanded(each, expansion))
  expansion.memo.set(name, sum)
  return sum
}

function hasCycle(set: SelectionSetNode, expansion: Expansion, path: readonly string[]): boolean {
  return set.selections.some((each) => {
    if (each.kind !== Kind.FRAGMENT_SPREAD) {
      return each.selectionSet !== undefined && hasCycle(each.selectionSet, expansion, path)
    }
    const name = each.name.value
    if (path.includes(name)) return true
    const fragment = expansion.byName.get(name)
    return fragment !== undefined && hasCycle(fragment.selectionSet, expansion, [...path, name])
  })
}
