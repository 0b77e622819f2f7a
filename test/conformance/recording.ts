/** The official client against the shield on the local edge, and everything that the two said to each other. */
import Cloudflare, { type ClientOptions } from 'cloudflare'
import type { Edge } from '../../edge/start.ts'
import type { Contract, Exchange } from './management-contract.ts'

export type Recording = {
  readonly client: Cloudflare
  /** For clients with other credentials. */
  readonly options: ClientOptions
  readonly exchanges: readonly Exchange[]
}

/** Only `baseURL` differs from the client for Cloudflare itself; it does not repeat what failed. */
export function recordingClient(edge: Edge): Recording {
  const exchanges: Exchange[] = []
  const baseURL = `${edge.httpUrl}/client/v4`
  const recordingFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    const text = await response.clone().text()
    exchanges.push({
      method: init?.method?.toUpperCase() ?? 'GET',
      path: url.href.slice(baseURL.length).split('?')[0] ?? '',
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
    })
    return response
  }
  const options = { baseURL, maxRetries: 0, fetch: recordingFetch }
  return { client: new Cloudflare({ ...options, apiToken: edge.apiToken }), options, exchanges }
}

/** What is wrong with any answer that Cloudflare's description covers, and how many it covers. */
export function checkExchanges(contract: Contract, exchanges: readonly Exchange[]) {
  const checked = exchanges
    .filter(({ body }) => body !== null)
    .map((exchange) => ({ exchange, faults: contract.check(exchange) }))
  const covered = checked.filter(({ faults }) => faults !== null)
  const wrong = covered.filter(({ faults }) => faults !== null && faults.length > 0)
  return {
    coveredCount: covered.length,
    wrong: wrong.map(({ exchange, faults }) => [exchange.method, exchange.path, faults]),
  }
}

export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of pages) items.push(item)
  return items
}
