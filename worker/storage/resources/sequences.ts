/** Sequence rules, in the shapes that the management API prints. */
import type { SequenceContent, SequenceStep } from '#engines/sequences'

/** Cloudflare's rule about two operations. */
export type Seqrule = {
  readonly id: string
  readonly title: string
  /** `allow`: the second operation only after the first. `block`: the second not after the first. */
  readonly kind: 'allow' | 'block'
  readonly action: 'log' | 'block'
  /** Ids of saved operations: where the sequence starts, and where it ends and is acted upon. */
  readonly sequence: readonly [string, string]
  readonly priority: number
  readonly created_at: string
  readonly last_updated: string
}

/** In the order in which they are asked: the higher priority first, of equal ones the older. The zone has one such document. */
export type Seqrules = { readonly rules: readonly Seqrule[] }

/** A pattern of several steps. Exactly one of `require` and `forbid` is there. */
export type SequenceRule = Omit<SequenceContent, 'kind' | 'steps'> & {
  readonly id: string
  /** Who takes the last step must have taken those before. */
  readonly require?: readonly SequenceStep[]
  /** Nobody takes all of these. */
  readonly forbid?: readonly SequenceStep[]
  readonly last_updated: string
}

/** What the engine asks of a rule. */
export function sequenceContentOf(rule: SequenceRule): SequenceContent {
  const { id: _id, last_updated: _date, require, forbid = [], ...rest } = rule
  const steps = require ?? forbid
  return { ...rest, kind: require === undefined ? 'forbid' : 'require', steps }
}

/** The rule that says this. */
export function sequenceRuleOf(
  { kind, steps, ...rest }: SequenceContent,
  { id, last_updated }: Pick<SequenceRule, 'id' | 'last_updated'>,
): SequenceRule {
  const written = kind === 'require' ? { require: steps } : { forbid: steps }
  return { id, ...rest, ...written, last_updated }
}
