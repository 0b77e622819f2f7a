/** What a validator is given and what it answers. */
import type { Violation } from '../violations.ts'

/** The parts of a request, read once by the caller. */
export type RequestParts = {
  /** Path variable values in order, percent-encoded as the path has them. */
  readonly variables: readonly string[]
  /** The query as sent, without `?`. */
  readonly query: string
  /** A header's value, several joined by `, `; null when absent. */
  header(name: string): string | null
  /** The Cookie header, null when absent. */
  readonly cookie: string | null
  /** The Content-Type header, null when absent. */
  readonly contentType: string | null
  readonly body: RequestBody
}

export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Longer than the caller buffers. */
  | { readonly kind: 'too_large' }

export type ValidationResult = {
  /** In the order path, query, header, cookie, body; bounded by `violationsMax`. */
  readonly violations: readonly Violation[]
  /** Names of query parameters the document does not have: a signal of its own, no violation. */
  readonly undeclaredQueryParameters: readonly string[]
}
