/**
 * The valid policy graph of RFC 9618 §5, which replaces the tree of RFC 5280 §6.1.2 (a): one node for each
 * policy at each depth, so that mappings cannot make it grow beyond what the certificates themselves say.
 * Immutable from outside: each step returns the next graph.
 */
import { anyPolicy, type PolicyMapping } from './policy-extensions.ts'

type PolicyNode = {
  readonly policy: string
  /** What satisfies this policy in the next certificate. */
  readonly expected: readonly string[]
  /** Nodes of the depth above, by their policy. */
  readonly parents: ReadonlySet<string>
}

type Stratum = ReadonlyMap<string, PolicyNode>

/** From the trust anchor down; every node of a depth above the last has a child. */
export type PolicyGraph = readonly Stratum[]

/** §6.1.2 (a): everything is allowed before the first certificate. */
export const initialGraph: PolicyGraph = [
  new Map([[anyPolicy, { policy: anyPolicy, expected: [anyPolicy], parents: new Set<string>() }]]),
]

/** §6.1.3 (d): the depth of one certificate with these policies, or null when none is left. */
export function addPolicies(
  graph: PolicyGraph,
  policies: readonly string[],
  acceptsAny: boolean,
): PolicyGraph | null {
  const above = graph.at(-1) ?? new Map<string, PolicyNode>()
  const expecting = indexByExpected(above)
  const any = above.has(anyPolicy) ? [anyPolicy] : []
  const stratum = new Map<string, PolicyNode>()
  const add = (policy: string, parents: readonly string[]): void => {
    if (parents.length === 0) return
    stratum.set(policy, { policy, expected: [policy], parents: new Set(parents) })
  }
  for (const policy of policies) {
    // (d) (1): a child of those that expect it, otherwise of anyPolicy.
    if (policy !== anyPolicy) add(policy, expecting.get(policy) ?? any)
  }
  if (policies.includes(anyPolicy) && acceptsAny) {
    // (d) (2): anyPolicy stands for all that is expected and not said.
    for (const [policy, parents] of expecting) {
      if (!stratum.has(policy)) add(policy, parents)
    }
  }
  return prune([...graph, stratum])
}

/** §6.1.4 (b) with mapping allowed: what a policy of this certificate is called further down. */
export function mapPolicies(graph: PolicyGraph, mappings: readonly PolicyMapping[]): PolicyGraph {
  const last = graph.at(-1) ?? new Map<string, PolicyNode>()
  const stratum = new Map(last)
  for (const [policy, expected] of groupMappings(mappings)) {
    const node = last.get(policy)
    if (node !== undefined) stratum.set(policy, { ...node, expected })
    else if (last.has(anyPolicy)) {
      stratum.set(policy, { policy, expected, parents: last.get(anyPolicy)?.parents ?? new Set() })
    }
  }
  return [...graph.slice(0, -1), stratum]
}

/** §6.1.4 (b) with mapping inhibited: a policy that would be mapped ends here. */
export function dropMapped(
  graph: PolicyGraph,
  mappings: readonly PolicyMapping[],
): PolicyGraph | null {
  const stratum = new Map(graph.at(-1))
  for (const { issuerPolicy } of mappings) stratum.delete(issuerPolicy)
  return prune([...graph.slice(0, -1), stratum])
}

/** §6.1.5 (g): the policies under which the authorities vouch for the last certificate, in the anchor's own terms. */
export function authorityPolicies(graph: PolicyGraph): ReadonlySet<string> {
  const below = graph.slice(1).flatMap((stratum) => Array.from(stratum.values()))
  const first = below.filter(
    ({ policy, parents }) => policy !== anyPolicy && parents.has(anyPolicy),
  )
  const any = graph.at(-1)?.has(anyPolicy) === true ? [anyPolicy] : []
  return new Set([...first.map(({ policy }) => policy), ...any])
}

/** Which nodes of the depth above each policy may hang from. */
function indexByExpected(above: Stratum): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>()
  for (const { policy, expected } of above.values()) {
    for (const wanted of expected) {
      const parents = index.get(wanted) ?? []
      parents.push(policy)
      index.set(wanted, parents)
    }
  }
  return index
}

function groupMappings(mappings: readonly PolicyMapping[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const { issuerPolicy, subjectPolicy } of mappings) {
    const group = groups.get(issuerPolicy) ?? []
    group.push(subjectPolicy)
    groups.set(issuerPolicy, group)
  }
  return groups
}

/** (d) (3): removes nodes without children, bottom up; null when nothing is left. */
function prune(graph: PolicyGraph): PolicyGraph | null {
  const kept: Stratum[] = []
  let alive: ReadonlySet<string> | null = null
  for (const stratum of graph.toReversed()) {
    const used: ReadonlySet<string> | null = alive
    const nodes: readonly (readonly [string, PolicyNode])[] = [...stratum].filter(
      ([policy]) => used === null || used.has(policy),
    )
    kept.unshift(new Map(nodes))
    alive = new Set(nodes.flatMap(([, { parents }]) => Array.from(parents)))
  }
  return kept[0]?.size === 0 ? null : kept
}
