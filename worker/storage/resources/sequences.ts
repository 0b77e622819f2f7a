/** Sequence rules, in the shapes that the management API prints. */

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
