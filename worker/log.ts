/**
 * The one way from the Worker to the operator's log: a JSON line for what must not pass in silence. Never a header,
 * a body or a secret; those who call it pass names and versions only.
 */
type LogDetail = { readonly [name: string]: string | number }

export function logFailure(event: string, cause: unknown, detail: LogDetail = {}): void {
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  // oxlint-disable-next-line no-console -- this is the log
  console.error(JSON.stringify({ event, cause: message, ...detail }))
}
