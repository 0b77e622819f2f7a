/** A sequence rule as people write it and as it is stored. */

export type SequenceContent = {
  readonly ref: string
  readonly description: string
  readonly enabled: boolean
  readonly action: 'log' | 'block'
  /** `require`: the last step only after those before. `forbid`: nobody takes them all. */
  readonly kind: 'require' | 'forbid'
  /** What becomes of a request for the last step that belongs to no session; `client`: its address is its session. */
  readonly without_session: 'pass' | 'block' | 'client'
  /** `requested`: a step counts when it was asked for and let through. `answered`: those before the last once the API answered 2xx. */
  readonly counts: 'requested' | 'answered'
  /** 2 to 10. */
  readonly steps: readonly SequenceStep[]
}

export type SequenceStep = {
  /** `GET api.example.com/accounts/{account}/balance`, or `*`: any operation. The same variable name in two steps is the same value. */
  readonly operations: readonly string[]
  /** Seconds since the step before. */
  readonly within?: number
  /** No other operation of the session in between. */
  readonly immediately?: boolean
  /** Last step only: this often for each time the steps before were taken. */
  readonly at_most?: number
  /** Operations that must not come in between, in the same spelling; names of variables mean nothing here. */
  readonly without?: readonly string[]
  /** Name → value expression of the rules language: `lookup_json_string(http.request.body.raw, "from")`. */
  readonly bind?: { readonly [name: string]: string }
}

export const ANY_OPERATION = '*'
