/**
 * One call of the management API of a running shield. Says what went wrong in a closed list, and never
 * sends the token in the clear to another machine.
 */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'

export type ManagementCall = {
  /** The shield, such as `http://127.0.0.1:8787`. */
  readonly url: string
  readonly token: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/client/v4`. */
  readonly path: string
  readonly body?: unknown
}

export type ManagementFailure =
  /** Nothing listens there. */
  | { readonly reason: 'not_running'; readonly url: string }
  | { readonly reason: 'unreachable'; readonly url: string; readonly detail: string }
  | { readonly reason: 'unsafe_url'; readonly url: string; readonly detail: string }
  /** The shield said no; `messages` are its own words. */
  | { readonly reason: 'refused'; readonly status: number; readonly messages: readonly string[] }
  /** Something that is no shield answered. */
  | { readonly reason: 'not_a_shield'; readonly url: string; readonly status: number }

/** Resolves with the envelope's `result`. Gives up after a minute. */
export async function callManagement(
  call: ManagementCall,
): Promise<Result<unknown, ManagementFailure>> {
  const unsafe = explainUnsafe(call.url)
  if (unsafe !== null) return err({ reason: 'unsafe_url', url: call.url, detail: unsafe })
  const answer = await send(call)
  if (!answer.ok) return answer
  const { status, body } = answer.value
  const envelope = Envelope.safeParse(body)
  if (!envelope.success) return err({ reason: 'not_a_shield', url: call.url, status })
  const { success, result, errors } = envelope.data
  if (success) return ok(result)
  return err({ reason: 'refused', status, messages: errors.map((error) => error.message) })
}

/** In words, for whoever ran the command. */
export function describeManagementFailure(failure: ManagementFailure): string {
  switch (failure.reason) {
    case 'not_running':
      return `no shield answers at ${failure.url}; start it first: npm start`
    case 'unreachable':
      return `the shield at ${failure.url} cannot be reached: ${failure.detail}`
    case 'unsafe_url':
      return `${failure.url} is not used: ${failure.detail}`
    case 'refused':
      return `the shield refused (${failure.status}): ${failure.messages.join('; ')}`
    case 'not_a_shield':
      return `what answers at ${failure.url} (${failure.status}) is not the management API of a shield`
  }
}

const Envelope = z.object({
  success: z.boolean(),
  result: z.optional(z.unknown()),
  errors: z.array(z.object({ message: z.string() })),
})

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

function explainUnsafe(text: string): string | null {
  const url = URL.parse(text)
  if (url === null) return 'it is not a URL'
  if (url.protocol === 'https:') return null
  if (url.protocol !== 'http:') return 'it must begin with https:// or http://'
  return LOOPBACK_HOSTS.has(url.hostname)
    ? null
    : 'the API token would travel unencrypted; use https'
}

type Answer = { readonly status: number; readonly body: unknown }

const TIMEOUT_MS = 60_000

async function send(call: ManagementCall): Promise<Result<Answer, ManagementFailure>> {
  const { url, token, method, path, body } = call
  try {
    const response = await fetch(new URL(`/client/v4${path}`, url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      // A redirect would hand the token to whoever is named in it.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return ok({ status: response.status, body: parseJson(await response.text()) })
  } catch (error) {
    const code = causeOf(error)
    if (code === 'ECONNREFUSED') return err({ reason: 'not_running', url })
    return err({ reason: 'unreachable', url, detail: code })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is no envelope, and that is said by whoever looks for one.
    return undefined
  }
}

/** fetch wraps what really happened. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) {
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  }
  return error.message
}
