/**
 * The entry point ruleset of a phase, and its versions. PUT makes it when there is none; a ruleset that nobody wrote
 * does not exist.
 */
import { ok, type Result } from '#engines/result'
import type { Ruleset } from '../../storage/resources.ts'
import { readBody } from '../body.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { replacing, RULESET_CHANGE } from './body.ts'
import { changeRuleset } from './change.ts'
import { readPhase } from './read-rules.ts'
import { entrypointOf, scopeOf } from './scope.ts'
import { versionsOf, versionOf } from './versions.ts'

export async function getEntrypoint(call: Call): Promise<Outcome> {
  const ruleset = await readEntrypoint(call)
  return ruleset.ok ? ok({ result: ruleset.value }) : ruleset
}

export async function updateEntrypoint(call: Call): Promise<Outcome> {
  const phase = readPhase(call.param('phase'))
  if (!phase.ok) return phase
  const body = await readBody(call.request, RULESET_CHANGE, LIMITS.rulesetBytesMax)
  if (!body.ok) return body
  const scope = scopeOf(call)
  return changeRuleset(call, 'rulesets.phases.update', (state) => {
    const stored = entrypointOf(state.documents.ruleset, scope, phase.value)
    return replacing({ stored, kind: scope.entrypoint, phase: phase.value }, body.value, state)
  })
}

export async function listEntrypointVersions(call: Call): Promise<Outcome> {
  const ruleset = await readEntrypoint(call)
  return ruleset.ok ? versionsOf(call, ruleset.value) : ruleset
}

export async function getEntrypointVersion(call: Call): Promise<Outcome> {
  const ruleset = await readEntrypoint(call)
  return ruleset.ok ? versionOf(call, ruleset.value) : ruleset
}

async function readEntrypoint(call: Call): Promise<Result<Ruleset, Problems>> {
  const phase = readPhase(call.param('phase'))
  if (!phase.ok) return phase
  const { documents } = await call.ports.zone.read({ ruleset: 'all' })
  const ruleset = entrypointOf(documents.ruleset, scopeOf(call), phase.value)
  return ruleset === undefined ? problem('no_entrypoint') : ok(ruleset)
}
