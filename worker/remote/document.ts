/**
 * Fetches what an operator's URL names, a key set or a revocation list: bounded in time and bytes, without following
 * redirects, and only from the public network unless the deployment says otherwise. Nothing of the answer is trusted here.
 */
import { err, ok, type Result } from '#engines/result'
import { joinChunks } from '../chunks.ts'
import { isPrivateHost } from './private-host.ts'

export type RemoteDocument = {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Lower case, without parameters. */
  readonly mediaType: string
  /** Of Cache-Control; null when the answer does not say. */
  readonly maxAgeSeconds: number | null
}

export type RemoteFailure =
  | UrlProblem
  | { readonly reason: 'unreachable'; readonly detail: string }
  | { readonly reason: 'timeout'; readonly timeoutMs: number }
  | { readonly reason: 'redirected'; readonly location: string }
  | { readonly reason: 'status'; readonly status: number }
  | { readonly reason: 'too_large'; readonly bytesMax: number }

export type UrlProblem =
  | { readonly reason: 'not_a_url' }
  | { readonly reason: 'not_https' }
  | { readonly reason: 'has_credentials' }
  | { readonly reason: 'private_address' }

export type RemotePorts = {
  /** Where private addresses are out of reach, whatever a name resolves to. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** For a deployment that runs its identity provider beside it: http and private addresses are taken then. */
  readonly allowPrivate: boolean
}

export type RemoteRequest = {
  readonly url: string
  readonly bytesMax: number
  readonly timeoutMs: number
  readonly accept: string
  /** The answer proves itself by a signature, so http will do. Default false. */
  readonly plainHttp?: boolean
}

/** Whether the URL may be asked at all; checked when it is configured and again before each fetch. */
export function checkRemoteUrl(
  text: string,
  allowPrivate: boolean,
  plainHttp: boolean = false,
): UrlProblem | null {
  const url = text.length <= URL_CHARACTERS_MAX ? URL.parse(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) return { reason: 'not_a_url' }
  if (url.username !== '' || url.password !== '') return { reason: 'has_credentials' }
  if (allowPrivate) return null
  if (url.protocol !== 'https:' && !plainHttp) return { reason: 'not_https' }
  return isPrivateHost(url.hostname) ? { reason: 'private_address' } : null
}

const URL_CHARACTERS_MAX = 2_048

export async function fetchDocument(
  ports: RemotePorts,
  { url, bytesMax, timeoutMs, accept, plainHttp }: RemoteRequest,
): Promise<Result<RemoteDocument, RemoteFailure>> {
  const problem = checkRemoteUrl(url, ports.allowPrivate, plainHttp)
  if (problem !== null) return err(problem)
  // One deadline for the head and the body: a server may be slow with either.
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await ports.fetch(url, { headers: { accept }, redirect: 'manual', signal })
    const refusal = refuseHead(response, bytesMax)
    if (refusal !== null) {
      await response.body?.cancel()
      return err(refusal)
    }
    const bytes = await readBounded(response, bytesMax, signal)
    if (signal.aborted) return err({ reason: 'timeout', timeoutMs })
    if (bytes === null) return err({ reason: 'too_large', bytesMax })
    const [mediaType = ''] = (response.headers.get('content-type') ?? '').split(';')
    return ok({
      bytes,
      mediaType: mediaType.trim().toLowerCase(),
      maxAgeSeconds: maxAgeOf(response.headers.get('cache-control') ?? ''),
    })
  } catch (cause) {
    if (signal.aborted) return err({ reason: 'timeout', timeoutMs })
    return err({
      reason: 'unreachable',
      detail: cause instanceof Error ? cause.message : String(cause),
    })
  }
}

/** In words, for whoever configured the URL. */
export function describeRemoteFailure(failure: RemoteFailure): string {
  switch (failure.reason) {
    case 'not_a_url':
      return `It is not an http(s) URL of at most ${URL_CHARACTERS_MAX} characters.`
    case 'not_https':
      return 'Only https URLs are fetched.'
    case 'has_credentials':
      return 'A URL with a user name or password is not fetched.'
    case 'private_address':
      return 'It names an address of a private network.'
    case 'unreachable':
      return `It could not be reached: ${failure.detail}`
    case 'timeout':
      return `It did not answer within ${failure.timeoutMs} ms.`
    case 'redirected':
      return `It redirects to ${failure.location || 'nowhere'}; give the URL that answers itself.`
    case 'status':
      return `It answered with status ${failure.status}.`
    case 'too_large':
      return `Its answer is larger than ${failure.bytesMax} bytes.`
  }
}

function refuseHead(response: Response, bytesMax: number): RemoteFailure | null {
  const { status, headers } = response
  if (status >= 300 && status < 400) {
    const location = (headers.get('location') ?? '').slice(0, URL_CHARACTERS_MAX)
    return { reason: 'redirected', location }
  }
  if (status !== 200) return { reason: 'status', status }
  return Number(headers.get('content-length') ?? 0) > bytesMax
    ? { reason: 'too_large', bytesMax }
    : null
}

/** `null` when there is more than allowed; the rest is not read. */
async function readBounded(
  { body }: Response,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return new Uint8Array()
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  const cancel = (): void => void reader.cancel()
  // A body that stands still is left at the deadline even when whoever serves it does not look at the signal.
  signal.addEventListener('abort', cancel)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length
      if (length > bytesMax) return null
      chunks.push(read.value)
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
  return joinChunks(chunks, length)
}

/** RFC 9111 §5.2.2; `no-store` and `no-cache` count as 0. */
function maxAgeOf(cacheControl: string): number | null {
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/i.test(cacheControl)) return 0
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl)?.[1]
  return seconds === undefined ? null : Number(seconds)
}
