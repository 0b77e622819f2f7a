/**
 * Desired state → change, pure: the same documents and files always give the same change, and none when the zone is
 * already as the files say. With any error nothing but the report is written.
 */
import { err, ok, type Result } from '#engines/result'
import type { Delete, Documents, Put } from '../../../storage/ports.ts'
import type { SeedError, SeedReport } from '../../../storage/resources.ts'
import type { RulesetPorts } from '../../rulesets/next-ruleset.ts'
import { combined } from './change.ts'
import type { Desired, DesiredOrErrors } from './desired.ts'
import { reconcileLists } from './reconcile-lists.ts'
import { reconcileOperations } from './reconcile-operations.ts'
import { reconcileRulesets } from './reconcile-rulesets.ts'
import { reconcileSequences } from './reconcile-sequences.ts'
import { reconcileSchemas } from './reconcile-schemas.ts'

/** What the reconciliation looks at. */
export const SEED_SELECTION = {
  operation: 'all',
  operation_setting: 'all',
  schema: 'all',
  schema_profile: 'all',
  provenance: 'all',
  seed_report: 'all',
} as const

/** Rulesets, lists and sequences are as large again, so they are read apart. */
export const RULE_SELECTION = {
  ruleset: 'all',
  ruleset_history: 'all',
  list_head: 'all',
  list: 'all',
  token_rules: 'all',
  seqrules: 'all',
  sequence_rule: 'all',
} as const

export type Reconciliation = {
  readonly puts: readonly Put[]
  readonly deletes: readonly Delete[]
  readonly report: Omit<SeedReport, 'digest' | 'reconciled_at' | 'superseded'>
}

export function reconcile(
  documents: Documents,
  desired: DesiredOrErrors,
  ports: RulesetPorts,
): Reconciliation {
  const applied = desired.ok ? applying(documents, desired.value, ports) : desired
  if (!applied.ok)
    return { puts: [], deletes: [], report: { ...EMPTY_REPORT, errors: applied.error } }
  return applied.value
}

const EMPTY_REPORT = {
  created: [],
  updated: [],
  deleted: [],
  left_alone: [],
  unchanged: 0,
  warnings: [],
  errors: [],
}

function applying(
  documents: Documents,
  desired: Desired,
  ports: RulesetPorts,
): Result<Reconciliation, readonly SeedError[]> {
  const change = combined([
    reconcileLists(documents, desired.lists, ports),
    reconcileRulesets(documents, desired.rulesets, ports),
    reconcileSequences(documents, desired.sequences, ports),
    reconcileSchemas(documents, desired.schemas, ports),
    reconcileOperations(documents, desired.schemas),
  ])
  if (change.errors.length > 0) return err(change.errors)
  const { puts, deletes, ...report } = change
  return ok({ puts, deletes, report: { ...report, warnings: warningsOf(desired) } })
}

function warningsOf({ schemas }: Desired): readonly SeedError[] {
  return schemas.flatMap(({ file, document }) =>
    document.warnings.map(({ message, locations: [key = null] }) => ({
      file,
      line: null,
      key,
      message,
    })),
  )
}
