/** The one shape of a recorded exchange, whatever it was read from. It is also the shape of our own JSON lines. */

/** Names in lower case; several values of one name are joined as RFC 9110 §5.3 and RFC 6265 §5.4 join them. */
export type RecordedHeaders = { readonly [name: string]: string }

export type RecordedRequest = {
  /** When it was received, in milliseconds of Unix time. */
  readonly time_ms: number
  readonly method: string
  /** Absolute, without a fragment; a path with its query when the recording does not know the host. */
  readonly url: string
  /** 0 when there was no response. */
  readonly status: number
  readonly request_headers: RecordedHeaders
  /** Absent when there was none, or when it was not recorded. */
  readonly request_body?: string
  readonly response_headers?: RecordedHeaders
  readonly response_bytes?: number
  /** Milliseconds until the first byte of the response. */
  readonly origin_ms?: number
  readonly client_ip?: string
}

/** A header's value; undefined when the message does not have it. */
export function headerOf(headers: RecordedHeaders, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}
