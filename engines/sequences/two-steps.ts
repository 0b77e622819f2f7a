/**
 * Cloudflare's sequence rules: two operations, and what came just before. `block` acts on the second after the first was
 * seen, `allow` acts on it when the first was not. A repeat of the current operation just before it is the same step, so a
 * rule from an operation to itself wants another one in between.
 *
 * https://developers.cloudflare.com/api-shield/security/sequence-mitigation/api/
 */
import { type History, previousDistinct } from './history.ts'

export type TwoStepRule = {
  readonly kind: 'allow' | 'block'
  readonly start: string
  readonly end: string
}

/** Whether the rule acts on this request; `history` is what came before it. */
export function twoStepViolation(
  { kind, start, end }: TwoStepRule,
  history: History | undefined,
  { operation, nowMs }: { readonly operation: string; readonly nowMs: number },
): boolean {
  if (operation !== end) return false
  const isSeen = previousDistinct(history, operation, nowMs).includes(start)
  return kind === 'block' ? isSeen : !isSeen
}
