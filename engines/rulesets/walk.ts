/**
 * Asks the rules of a plan in their order and stops at the first block. It decides nothing else: what to do with a block, a
 * note or a failure is its caller's. Before a rule is asked, `prepare` may have to do something for it, such as running
 * detectors; when that fails the walk ends there, because a rule that could not be asked has not let anybody through.
 */
import type { FieldSource } from '#engines/expressions'
import type { IndexedRequest, Plan, Rule, RuleList, Skip } from './rule.ts'

export type WalkInput<Needs, Failure> = {
  readonly plan: Plan<Needs>
  readonly request: IndexedRequest
  readonly operationId: string | undefined
  readonly source: FieldSource
  /** `null` when the rule can be asked at once. `skips`: what rules before it have excepted the request from. */
  readonly prepare: (rule: Rule<Needs>, skips: Skips | null) => Promise<Preparation<Failure>> | null
}

export type Preparation<Failure> =
  | { readonly kind: 'ready' }
  /** The rule cannot be asked and is set not to stop anybody then. */
  | { readonly kind: 'pass_over' }
  | { readonly kind: 'failed'; readonly failure: Failure }

export type Walk<Needs, Failure> = {
  /** Rules that matched and let the request go on, in order: `log`, and `skip` with logging. */
  readonly noted: readonly Rule<Needs>[]
  /** Null when no rule has excepted the request from anything. */
  readonly skips: Skips | null
} & (
  | { readonly end: 'passed' }
  | { readonly end: 'blocked'; readonly rule: Rule<Needs> }
  | { readonly end: 'failed'; readonly failure: Failure }
)

export async function walk<Needs, Failure>(
  input: WalkInput<Needs, Failure>,
): Promise<Walk<Needs, Failure>> {
  const state: State<Needs, Failure> = { input, phase: '', noted: [], skips: null }
  for (const { phase, lists } of input.plan) {
    state.phase = phase
    for (const list of lists) {
      if (isPhaseSkipped(state)) break
      const stop = await walkList(list, state)
      if (stop !== null) return { noted: state.noted, skips: state.skips, ...stop }
    }
  }
  return { noted: state.noted, skips: state.skips, end: 'passed' }
}

type State<Needs, Failure> = {
  readonly input: WalkInput<Needs, Failure>
  phase: string
  readonly noted: Rule<Needs>[]
  /** Made by the first `skip` that matches; most requests never need it. */
  skips: Skips | null
}

/** What a request is excepted from. */
export type Skips = Omit<Skip, 'isCurrentRuleset'>

type Stop<Needs, Failure> =
  | { readonly end: 'blocked'; readonly rule: Rule<Needs> }
  | { readonly end: 'failed'; readonly failure: Failure }

async function walkList<Needs, Failure>(
  list: RuleList<Needs>,
  state: State<Needs, Failure>,
): Promise<Stop<Needs, Failure> | null> {
  const { request, source, operationId, prepare } = state.input
  if (list.rulesetId !== null && state.skips?.rulesetIds.has(list.rulesetId) === true) return null
  for (const rule of list.candidates(request)) {
    if (!isConcerned(rule, operationId) || state.skips?.ruleIds.has(rule.id) === true) continue
    const pending = prepare(rule, state.skips)
    const preparation = pending === null ? READY : await pending
    if (preparation.kind === 'failed') return { end: 'failed', failure: preparation.failure }
    if (preparation.kind === 'pass_over') continue
    if (!rule.expression.evaluate(source)) continue
    const { action } = rule
    switch (action.kind) {
      case 'block':
        return { end: 'blocked', rule }
      case 'log':
        state.noted.push(rule)
        break
      case 'skip':
        if (action.isLogged) state.noted.push(rule)
        state.skips = extended(state.skips, action.skip)
        if (action.skip.isCurrentRuleset || isPhaseSkipped(state)) return null
        break
      case 'execute': {
        const stop = await walkList(action.list, state)
        if (stop !== null || isPhaseSkipped(state)) return stop
        break
      }
    }
  }
  return null
}

const READY = { kind: 'ready' } as const

/** A skip may name the phase that it stands in: then nothing more of it is asked. */
function isPhaseSkipped({ skips, phase }: Pick<State<never, never>, 'skips' | 'phase'>): boolean {
  return skips?.phases.has(phase) === true
}

function isConcerned<Needs>(
  { operationIds }: Rule<Needs>,
  operationId: string | undefined,
): boolean {
  return operationIds === null || (operationId !== undefined && operationIds.has(operationId))
}

function extended(skips: Skips | null, skip: Skip): Skips {
  return {
    phases: new Set([...(skips?.phases ?? []), ...skip.phases]),
    rulesetIds: new Set([...(skips?.rulesetIds ?? []), ...skip.rulesetIds]),
    ruleIds: new Set([...(skips?.ruleIds ?? []), ...skip.ruleIds]),
  }
}
