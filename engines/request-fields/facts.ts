import type { VerifiedCertificate } from '#engines/client-certificate'
import type { OperationMatch } from '#engines/paths'
import type { SessionCharacteristic } from '#engines/sessions'

/**
 * A request as far as the fields of the rules language are read from it. The data plane has one for a live request, a replay
 * for a recorded one; both are judged by the same readers.
 */
export type RequestFacts = {
  readonly method: string
  /** `http` or `https`. */
  readonly scheme: string
  /** The Host header with its port as sent, in lower case and without the dot of a root (RFC 9110 §4.2.3: the same host). */
  readonly host: string
  /** Path as the client wrote it. */
  readonly rawPath: string
  /** Path after normalisation. */
  readonly path: string
  /** Query without the question mark, as the client wrote it. */
  readonly query: string
  readonly rayId: string
  readonly clientIp: string
  readonly nowMs: number
  /** `request.cf`, of which nothing is promised. */
  readonly cf: { readonly [name: string]: unknown }
  /** The client's certificate once a detector has verified it; without one its fields are missing. */
  readonly verifiedCertificate?: VerifiedCertificate | null
  /** `null` when no saved operation is called. */
  readonly operation: OperationMatch<{ readonly operation_id: string }> | null
  readonly sessionIdentifiers: readonly SessionCharacteristic[]
  /** A header's value by its lower-case name, several joined by `, `; `null` when absent or no legal name. */
  header(name: string): string | null
  /** All headers, names in lower case. */
  headers(): Iterable<readonly [string, string]>
}
