/**
 * What names an operation. While something does, the operation cannot go: a rule that asks for a step which nobody can take
 * any more would stop everybody, and one that forbids it would look as if it protected something.
 */
import type { Documents, Selection } from '../../storage/ports.ts'
import type { Operation } from '../../storage/resources.ts'

export const OPERATION_USER_SELECTION = { seqrules: 'all' } as const satisfies Selection

type OperationUsers = Pick<Documents, keyof typeof OPERATION_USER_SELECTION>

/** A rule that names the operation, in words; `null` when there is none. */
export function operationUser(
  { seqrules }: OperationUsers,
  { operation_id }: Operation,
): string | null {
  const rule = seqrules
    .flatMap(({ rules }) => rules)
    .find(({ sequence }) => sequence.includes(operation_id))
  return rule === undefined ? null : `the sequence rule "${rule.title}" (${rule.id})`
}
