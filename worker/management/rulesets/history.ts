/**
 * What is written when a ruleset changes or goes: the ruleset itself, the version that it replaces, and the memory of
 * both. Versions are kept up to a bound; the oldest makes room.
 */
import type { Delete, Documents, Put } from '../../storage/ports.ts'
import type { Ruleset, RulesetHistory } from '../../storage/resources.ts'
import { LIMITS } from '../limits.ts'
import { forgetting } from '../provenance.ts'

/** What of the stored state a change of rulesets looks at. */
export const RULESET_SELECTION = {
  ruleset: 'all',
  ruleset_history: 'all',
  list_head: 'all',
  provenance: 'all',
} as const

export type RulesetWrites = { readonly puts: readonly Put[]; readonly deletes: readonly Delete[] }

/** `before` is the stored state, `undefined` for a new ruleset. Nothing is written when both are the same. */
export function savingRuleset(
  documents: Documents,
  before: Ruleset | undefined,
  after: Ruleset,
): RulesetWrites {
  if (before === after) return { puts: [], deletes: [] }
  const put: Put = { collection: 'ruleset', id: after.id, body: after }
  if (before === undefined) return { puts: [put], deletes: [] }
  const kept = new Set(after.rules.map(({ id }) => id))
  const gone = before.rules.filter(({ id }) => !kept.has(id))
  const versions = [...supersededVersions(documents, before.id), headOf(before)]
  const dropped = versions.slice(0, Math.max(0, versions.length - LIMITS.rulesetVersionsMax + 1))
  const history = { ruleset_id: before.id, versions: versions.slice(dropped.length).map(memoryOf) }
  const replaced = versionId(before.id, before.version)
  return {
    puts: [
      put,
      { collection: 'ruleset_version', id: replaced, body: before },
      { collection: 'ruleset_history', id: before.id, body: history },
    ],
    deletes: [
      ...dropped.map(({ version }) => deletedVersion(before.id, version)),
      ...gone.flatMap(({ id }) => forgetting(documents, 'rule', id)),
    ],
  }
}

export function deletingRuleset(documents: Documents, ruleset: Ruleset): RulesetWrites {
  const { id, rules } = ruleset
  return {
    puts: [],
    deletes: [
      { collection: 'ruleset', id },
      { collection: 'ruleset_history', id },
      ...supersededVersions(documents, id).map(({ version }) => deletedVersion(id, version)),
      ...forgetting(documents, 'ruleset', id),
      ...rules.flatMap((rule) => forgetting(documents, 'rule', rule.id)),
    ],
  }
}

/** A superseded version goes, and the memory of it. */
export function deletingVersion(documents: Documents, id: string, version: string): RulesetWrites {
  const left = supersededVersions(documents, id).filter((each) => each.version !== version)
  const history = { ruleset_id: id, versions: left.map(memoryOf) }
  return {
    puts: [{ collection: 'ruleset_history', id, body: history }],
    deletes: [deletedVersion(id, version)],
  }
}

/** Oldest first. */
export function supersededVersions(
  documents: Documents,
  rulesetId: string,
): RulesetHistory['versions'] {
  const history = documents.ruleset_history.find(({ ruleset_id }) => ruleset_id === rulesetId)
  return history?.versions ?? []
}

export function versionId(rulesetId: string, version: string): string {
  return `${rulesetId}/${version}`
}

/** A ruleset as lists print it. */
export function headOf({ rules: _rules, ...head }: Ruleset): Omit<Ruleset, 'rules'> {
  return head
}

type Memory = RulesetHistory['versions'][number]

function memoryOf({ version, name, description, last_updated }: Memory): Memory {
  return { version, name, description, last_updated }
}

function deletedVersion(id: string, version: string): Delete {
  return { collection: 'ruleset_version', id: versionId(id, version) }
}
