/** Asks a Worker of the runtime over its direct socket: once, or as often as one likes over a few connections. */
import { Agent, request } from 'node:http'

export type Target = { readonly hostname: string; readonly port: number }

export type Asked = {
  /** Whole: the direct socket is asked as a proxy is. */
  readonly url: string
  readonly method?: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

export type Answer = { readonly status: number; readonly text: string }

export type Load = {
  readonly wallMs: number
  /** Of each request, in no order. */
  readonly latenciesMs: readonly number[]
  readonly statuses: ReadonlyMap<number, number>
}

const CONNECTIONS = 16

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

export function ask(target: Target, asked: Asked): Promise<Answer> {
  const { url: path, method = 'GET', body = '' } = asked
  const headers = { host: path.split('/', 3)[2], ...asked.headers }
  return new Promise((resolve, reject) => {
    request({ ...target, agent, path, method, headers }, (response) => {
      let text = ''
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        .on('error', reject)
    })
      .on('error', reject)
      .end(body)
  })
}

/** Each connection asks for the next as soon as it has its answer. */
export async function load(
  target: Target,
  times: number,
  next: (number: number) => Asked,
): Promise<Load> {
  const latenciesMs: number[] = []
  const statuses = new Map<number, number>()
  let number = 0
  async function connection(): Promise<void> {
    while (number < times) {
      const asked = next(number++)
      const start = performance.now()
      const { status } = await ask(target, asked)
      latenciesMs.push(performance.now() - start)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  return { wallMs: performance.now() - start, latenciesMs, statuses }
}
