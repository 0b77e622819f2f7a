/**
 * What names an operation. While something does, the operation cannot go: a rule that asks for a step which nobody can take
 * any more would stop everybody, and one that forbids it would look as if it protected something.
 */
import { operationsOfSequence } from '#engines/rule-files'
import type { Documents, Selection } from '../../storage/ports.ts'
import { sequenceContentOf } from '../../storage/resources/sequences.ts'

export const OPERATION_USER_SELECTION = {
  seqrules: 'all',
  sequence_rule: 'all',
} as const satisfies Selection

type OperationUsers = Pick<Documents, keyof typeof OPERATION_USER_SELECTION>

/** A rule in words, by the id of each operation that one names. */
export function operationUsers({
  seqrules,
  sequence_rule,
}: OperationUsers): ReadonlyMap<string, string> {
  const older = seqrules
    .flatMap(({ rules }) => rules)
    .map(({ id, title, sequence }) => ({ id, name: title, named: sequence }))
  const patterns = sequence_rule.map((rule) => ({
    id: rule.id,
    name: rule.ref,
    named: operationsOfSequence(sequenceContentOf(rule)),
  }))
  return new Map(
    [...older, ...patterns].flatMap(({ id, name, named }) =>
      named.map((operationId) => [operationId, `the sequence rule "${name}" (${id})`] as const),
    ),
  )
}
