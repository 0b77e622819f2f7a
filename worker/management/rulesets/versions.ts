/** The versions of a ruleset, the newest first. The current one is the ruleset itself and cannot be deleted. */
import { ok } from '#engines/result'
import type { Ruleset } from '../../storage/resources.ts'
import { problem } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { transactRulesets } from './change.ts'
import { deletingVersion, headOf, supersededVersions, versionId } from './history.ts'
import { rulesetOf } from './scope.ts'

export async function listVersions(call: Call): Promise<Outcome> {
  const ruleset = await readRuleset(call)
  return ruleset === undefined ? problem('not_found') : versionsOf(call, ruleset)
}

export async function getVersion(call: Call): Promise<Outcome> {
  const ruleset = await readRuleset(call)
  return ruleset === undefined ? problem('not_found') : versionOf(call, ruleset)
}

export async function deleteVersion(call: Call): Promise<Outcome> {
  const version = call.param('version')
  const done = await transactRulesets(call, 'rulesets.versions.delete', (documents) => {
    const ruleset = rulesetOf(documents.ruleset, call)
    if (ruleset === undefined) return problem('not_found')
    if (ruleset.version === version) return problem('version_in_use')
    const known = supersededVersions(documents, ruleset.id).some((each) => each.version === version)
    if (!known) return problem('not_found')
    return ok({ ...deletingVersion(documents, ruleset.id, version), result: null })
  })
  return done.ok ? ok({ ...done.value, empty: true }) : done
}

/** Without their rules, as Cloudflare lists them. */
export async function versionsOf({ ports }: Call, ruleset: Ruleset): Promise<Outcome> {
  const { documents } = await ports.zone.read({ ruleset_history: [ruleset.id] })
  const { id, kind, phase, version: current } = ruleset
  // What was superseded between the two reads is no older version of this one.
  const older = supersededVersions(documents, id)
    .filter(({ version }) => Number(version) < Number(current))
    .map(({ version, name, description, last_updated }) => {
      return { id, name, description, kind, phase, version, last_updated }
    })
  return ok({ result: [headOf(ruleset), ...older.toReversed()] })
}

/** The version that the path names, with its rules. */
export async function versionOf({ ports, param }: Call, ruleset: Ruleset): Promise<Outcome> {
  const version = param('version')
  if (version === ruleset.version) return ok({ result: ruleset })
  const id = versionId(ruleset.id, version)
  const { documents } = await ports.zone.read({ ruleset_version: [id] })
  const [superseded] = documents.ruleset_version
  return superseded === undefined ? problem('not_found') : ok({ result: superseded })
}

async function readRuleset(call: Call): Promise<Ruleset | undefined> {
  const { documents } = await call.ports.zone.read({ ruleset: [call.param('ruleset_id')] })
  return rulesetOf(documents.ruleset, call)
}
