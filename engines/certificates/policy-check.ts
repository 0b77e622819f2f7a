/**
 * Certificate policies along a whole path (RFC 5280 §6.1, with the graph of RFC 9618). By default nothing
 * is asked for, so a path is refused only if one of its own authorities demands a policy that is missing.
 */
import { isSelfIssued, type InspectedCertificate } from './inspect.ts'
import type { VerifyFailure } from './path-checks.ts'
import { anyPolicy } from './policy-extensions.ts'
import {
  addPolicies,
  authorityPolicies,
  dropMapped,
  initialGraph,
  mapPolicies,
  type PolicyGraph,
} from './policy-graph.ts'

/** The policy inputs of §6.1.1 (c), (e), (f) and (g). */
export type PolicyInputs = {
  /** Object identifiers of which one must hold. Default: any. */
  readonly acceptable?: readonly string[]
  /** Whether a policy must hold at all. Default false. */
  readonly requireExplicit?: boolean
  /** Default false. */
  readonly inhibitMapping?: boolean
  /** Default false. */
  readonly inhibitAny?: boolean
}

/** Why the policies of this path (leaf first, anchor last) are not acceptable, or null. */
export function refusePolicies(
  path: readonly InspectedCertificate[],
  inputs: PolicyInputs,
): VerifyFailure | null {
  const [anchor, ...downwards] = path.toReversed()
  const [leaf, ...intermediates] = downwards.toReversed()
  if (anchor === undefined || leaf === undefined) return null
  // RFC 5937 §3.2: constraints in an anchor's own certificate hold for what is below it.
  let state = tighten(startState(inputs, path.length), anchor)
  for (const intermediate of intermediates.toReversed()) {
    const acceptsAny = state.anyInhibitedIn > 0 || isSelfIssued(intermediate.certificate)
    state = enter(state, intermediate, acceptsAny)
    if (lacksExplicit(state)) return refused
    state = leave(state, intermediate)
  }
  state = enter(state, leaf, state.anyInhibitedIn > 0)
  if (lacksExplicit(state)) return refused
  // §6.1.5 (a) and (b).
  const required = leaf.extensions.policyConstraints?.requireExplicitPolicy
  const isExplicit = state.explicitIn <= 1 || required === 0
  return isExplicit && !holdsAcceptable(state.graph, inputs.acceptable ?? [anyPolicy])
    ? refused
    : null
}

const refused: VerifyFailure = { reason: 'policy_not_permitted' }

/** The state variables of §6.1.2: how many certificates away each constraint is, 0 when it holds. */
type PolicyState = {
  readonly graph: PolicyGraph | null
  readonly explicitIn: number
  readonly mappingInhibitedIn: number
  readonly anyInhibitedIn: number
}

/** `certificates` is more than a path can pass, so it means never. */
function startState(inputs: PolicyInputs, certificates: number): PolicyState {
  return {
    graph: initialGraph,
    explicitIn: inputs.requireExplicit === true ? 0 : certificates,
    mappingInhibitedIn: inputs.inhibitMapping === true ? 0 : certificates,
    anyInhibitedIn: inputs.inhibitAny === true ? 0 : certificates,
  }
}

/** §6.1.3 (d) and (e). */
function enter(
  state: PolicyState,
  { extensions }: InspectedCertificate,
  acceptsAny: boolean,
): PolicyState {
  const policies = extensions.certificatePolicies?.policies ?? null
  if (state.graph === null || policies === null) return { ...state, graph: null }
  return { ...state, graph: addPolicies(state.graph, policies, acceptsAny) }
}

/** §6.1.3 (f). */
function lacksExplicit({ graph, explicitIn }: PolicyState): boolean {
  return explicitIn === 0 && graph === null
}

/** §6.1.4 (b) and (h) to (j). */
function leave(state: PolicyState, authority: InspectedCertificate): PolicyState {
  const mappings = authority.extensions.policyMappings
  const map = state.mappingInhibitedIn > 0 ? mapPolicies : dropMapped
  const graph = state.graph === null || mappings === null ? state.graph : map(state.graph, mappings)
  const step = isSelfIssued(authority.certificate) ? 0 : 1
  const passed = {
    graph,
    explicitIn: Math.max(0, state.explicitIn - step),
    mappingInhibitedIn: Math.max(0, state.mappingInhibitedIn - step),
    anyInhibitedIn: Math.max(0, state.anyInhibitedIn - step),
  }
  return tighten(passed, authority)
}

/** §6.1.4 (i) and (j). */
function tighten(state: PolicyState, { extensions }: InspectedCertificate): PolicyState {
  const { policyConstraints, inhibitAnyPolicy } = extensions
  const { requireExplicitPolicy = null, inhibitPolicyMapping = null } = policyConstraints ?? {}
  return {
    graph: state.graph,
    explicitIn: Math.min(state.explicitIn, requireExplicitPolicy ?? Infinity),
    mappingInhibitedIn: Math.min(state.mappingInhibitedIn, inhibitPolicyMapping ?? Infinity),
    anyInhibitedIn: Math.min(state.anyInhibitedIn, inhibitAnyPolicy ?? Infinity),
  }
}

/** §6.1.5 (g): whether a policy that the caller accepts is among those the authorities vouch for. */
function holdsAcceptable(graph: PolicyGraph | null, acceptable: readonly string[]): boolean {
  const vouched = graph === null ? new Set<string>() : authorityPolicies(graph)
  if (acceptable.includes(anyPolicy) || vouched.has(anyPolicy)) return vouched.size > 0
  return acceptable.some((policy) => vouched.has(policy))
}
