/**
 * Rulesets: the entry points of the zone or the account, and the custom ones of both. PUT replaces the rules in one
 * step; one bad rule refuses the whole with all that is wrong in it.
 */
import type { RulesetKind } from '#engines/rule-files'
import { ok } from '#engines/result'
import { readBody } from '../body.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { paginateByCursor, readCursor } from '../pagination.ts'
import { NEW_RULESET, replacing, RULESET_CHANGE } from './body.ts'
import { changeRuleset, transactRulesets } from './change.ts'
import { deletingRuleset, headOf } from './history.ts'
import { readPhase } from './read-rules.ts'
import { executing } from './references.ts'
import { entrypointOf, rulesetOf, type Scope, scopeOf } from './scope.ts'

/** Without their rules, as Cloudflare lists them. */
export async function listRulesets({ ports, query, param }: Call): Promise<Outcome> {
  const page = readCursor(query, {
    perPageDefault: LIMITS.rulesetsPerPageDefault,
    perPageMax: LIMITS.rulesetsPerPageMax,
  })
  if (!page.ok) return page
  const { kinds } = scopeOf({ param })
  const { documents } = await ports.zone.read({ ruleset: 'all' })
  const rulesets = documents.ruleset.filter(({ kind }) => kinds.includes(kind))
  return ok(paginateByCursor(rulesets.map(headOf), page.value))
}

export async function createRuleset(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, NEW_RULESET, LIMITS.rulesetBytesMax)
  if (!body.ok) return body
  const scope = scopeOf(call)
  const kind = scope.kinds.find((each) => each === body.value.kind)
  if (kind === undefined) return refusedKind(body.value.kind, scope)
  const phase = readPhase(body.value.phase)
  if (!phase.ok) return phase
  return changeRuleset(call, 'rulesets.create', (state) => {
    const { ruleset } = state.documents
    if (kind !== 'custom' && entrypointOf(ruleset, { entrypoint: kind }, phase.value)) {
      return problem('entrypoint_exists')
    }
    return replacing({ stored: undefined, kind, phase: phase.value }, body.value, state)
  })
}

export async function getRuleset(call: Call): Promise<Outcome> {
  const { documents } = await call.ports.zone.read({ ruleset: [call.param('ruleset_id')] })
  const ruleset = rulesetOf(documents.ruleset, call)
  return ruleset === undefined ? problem('not_found') : ok({ result: ruleset })
}

export async function updateRuleset(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, RULESET_CHANGE, LIMITS.rulesetBytesMax)
  if (!body.ok) return body
  return changeRuleset(call, 'rulesets.update', (state) => {
    const stored = rulesetOf(state.documents.ruleset, call)
    if (stored === undefined) return problem('not_found')
    return replacing({ stored, kind: stored.kind, phase: stored.phase }, body.value, state)
  })
}

/** All versions of it go. A custom ruleset that a rule executes stays. */
export async function deleteRuleset(call: Call): Promise<Outcome> {
  const done = await transactRulesets(call, 'rulesets.delete', (documents) => {
    const stored = rulesetOf(documents.ruleset, call)
    if (stored === undefined) return problem('not_found')
    const user = executing(documents.ruleset, stored.id)
    if (user !== null) return problem('ruleset_in_use', `It is executed by ${user}.`)
    return ok({ ...deletingRuleset(documents, stored), result: null })
  })
  return done.ok ? ok({ ...done.value, empty: true }) : done
}

const OTHER_PLACE: { readonly [kind: string]: string } = {
  root: 'An entry point of kind "root" belongs to the account: /accounts/{account_id}/rulesets.',
  zone: 'An entry point of kind "zone" belongs to the zone: /zones/{zone_id}/rulesets.',
  managed: 'Managed rulesets are made by Cloudflare; there are none here.',
} satisfies { readonly [kind in Exclude<RulesetKind, 'custom'> | 'managed']: string }

function refusedKind(kind: string, { kinds }: Scope): ReturnType<typeof problem> {
  const elsewhere = Object.hasOwn(OTHER_PLACE, kind) ? OTHER_PLACE[kind] : undefined
  const text = elsewhere ?? `The kind must be ${kinds.join(' or ')}.`
  return problem('invalid_ruleset', text, '/kind')
}
