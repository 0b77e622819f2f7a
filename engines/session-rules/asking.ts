/** A request as rules about sessions look at it. Whoever asks, for a live request or a recorded one, hands in what he knows. */
import type { FieldSource } from '#engines/expressions'
import type { RequestFacts } from '#engines/request-fields'
import type { RateRule, Skips } from '#engines/rulesets'
import type { HashedText } from '#engines/sessions'
import type { SequenceRules } from './sequence-rules.ts'

export type SessionRules<Needs> = {
  /** In the order in which they are asked. */
  readonly rateRules: readonly RateRule<Needs>[]
  readonly sequences: SequenceRules<Needs>
  /** The fields about what sessions did before that some rule reads: then all that they do is remembered. */
  readonly historyReads: ReadonlySet<string>
}

export type Asking<Needs> = {
  readonly rules: SessionRules<Needs>
  readonly request: AskedRequest
  readonly source: FieldSource
  /** What rules before have excepted the request from. */
  readonly skips: Skips | null
  /** Rules that are asked yet may except it from more: nothing stops it for good before. */
  readonly mayBeExcepted: boolean
  /** What stands for a text in keys and memories: 32 hex digits. */
  readonly hash: (text: HashedText) => Promise<string>
  /** Of the session; null when the request has none. */
  readonly sessionKey: () => Promise<string | null>
  /** Of the session, else of the network; null when the address is not known either. */
  readonly clientKey: () => Promise<string | null>
  /**
   * Does what has to be done before expressions are evaluated. False: some of it has failed and is set to let requests pass.
   * Throws when it fails otherwise.
   */
  readonly prepare: (needs: readonly Needs[]) => Promise<boolean>
}

type AskedRequest = Pick<RequestFacts, 'method' | 'path' | 'query' | 'operation'> & {
  /** The host without its port. */
  readonly hostname: string
}
