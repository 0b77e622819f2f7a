/**
 * Brings the sequence rules that came from files to what the files say. A ref that a rule made through the API has is left to
 * that rule.
 */
import type { Documents } from '../../../storage/ports.ts'
import type { SequenceRule } from '../../../storage/resources/sequences.ts'
import { LIMITS } from '../../limits.ts'
import { forgetting } from '../../provenance.ts'
import type { RulesetPorts } from '../../rulesets/next-ruleset.ts'
import { nextSequenceRule } from '../sequence-rules/next-rule.ts'
import { combined, fileError, NO_CHANGE, remembering, type SeedChange } from './change.ts'
import type { DesiredSequence } from './desired-rules.ts'
import { originsOf } from './origins.ts'

export function reconcileSequences(
  documents: Documents,
  desired: readonly DesiredSequence[],
  ports: RulesetPorts,
): SeedChange {
  const origins = originsOf(documents)
  const wanted = new Set(desired.map(({ sequence }) => sequence.ref))
  const stored = new Map(documents.sequence_rule.map((rule) => [rule.ref, rule]))
  const gone = documents.sequence_rule.filter(
    ({ id, ref }) => !wanted.has(ref) && origins.fileOf('sequence_rule', id) !== undefined,
  )
  const change = combined([
    ...gone.map((rule) => deletion(documents, rule)),
    ...desired.map((want) => {
      const rule = stored.get(want.sequence.ref)
      const file = rule && origins.fileOf('sequence_rule', rule.id)
      if (rule !== undefined && file === undefined) {
        return { ...NO_CHANGE, left_alone: [nameOf(rule)] }
      }
      return presence(rule, want, { ports, isMoved: file !== want.file })
    }),
  ])
  const { length } = documents.sequence_rule
  if (length + change.created.length - gone.length <= LIMITS.sequenceRulesMax) return change
  const text = `There may be at most ${LIMITS.sequenceRulesMax} sequence rules.`
  return { ...NO_CHANGE, errors: [fileError(desired.at(-1)?.file ?? 'rules', text)] }
}

function presence(
  stored: SequenceRule | undefined,
  { file, sequence }: DesiredSequence,
  { ports, isMoved }: { readonly ports: RulesetPorts; readonly isMoved: boolean },
): SeedChange {
  const rule = nextSequenceRule(stored, sequence, ports)
  const memory = isMoved ? [remembering('sequence_rule', rule.id, file)] : []
  if (rule === stored) return { ...NO_CHANGE, puts: memory, unchanged: 1 }
  const puts = [{ collection: 'sequence_rule', id: rule.id, body: rule } as const, ...memory]
  const names = [nameOf(rule)]
  return { ...NO_CHANGE, puts, ...(stored === undefined ? { created: names } : { updated: names }) }
}

function deletion(documents: Documents, rule: SequenceRule): SeedChange {
  const { id } = rule
  const deletes = [
    { collection: 'sequence_rule', id } as const,
    ...forgetting(documents, 'sequence_rule', id),
  ]
  return { ...NO_CHANGE, deletes, deleted: [nameOf(rule)] }
}

function nameOf({ ref }: { readonly ref: string }): string {
  return `sequence_rule/${ref}`
}
