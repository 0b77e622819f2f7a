/** What a selector would make of the zone's operations. Nothing is stored; the totals speak of all operations, whatever the filters. */
import { selectorStates } from '#engines/rulesets'
import { ok } from '#engines/result'
import { readBody } from '../../body.ts'
import { problem } from '../../envelope.ts'
import type { Call, Outcome } from '../../handler.ts'
import { paginate, readPage } from '../../pagination.ts'
import { readSelector, SELECTOR } from './selector.ts'

const STATES = ['included', 'excluded', 'ignored'] as const

export async function previewTokenRule({ ports, request, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const states = query.getAll('state')
  if (states.some((state) => !STATES.some((known) => known === state))) {
    return problem('invalid_query', `state must be one of ${STATES.join(', ')}.`)
  }
  const body = await readBody(request, SELECTOR)
  if (!body.ok) return body
  const selector = readSelector(body.value, '')
  if (!selector.ok) return selector
  const { documents } = await ports.zone.read({ operation: 'all' })
  const judged = selectorStates(selector.value, documents.operation)
  const operations = documents.operation.map((operation, index) =>
    Object.assign({}, operation, { state: judged[index] ?? 'ignored' }),
  )
  const countOf = (state: string) => judged.filter((each) => each === state).length
  const shown = paginate(operations.filter(filterOf(query)), page.value)
  return ok({
    ...shown,
    result: {
      operations: shown.result,
      total: operations.length,
      included: countOf('included'),
      excluded: countOf('excluded'),
      ignored: countOf('ignored'),
      selected_hosts: hostsOf(operations.filter(({ state }) => state === 'included')),
      available_hosts: hostsOf(operations),
    },
  })
}

type Filtered = {
  readonly state: string
  readonly host: string
  readonly method: string
  readonly endpoint: string
}

/** Of several values of one filter one must hold; an endpoint may be a part of one. */
function filterOf(query: URLSearchParams): (operation: Filtered) => boolean {
  const states = query.getAll('state')
  const hosts = [...query.getAll('host'), ...query.getAll('hostname')].map((host) =>
    host.toLowerCase(),
  )
  const methods = query.getAll('method').map((method) => method.toUpperCase())
  const endpoints = query.getAll('endpoint')
  return ({ state, host, method, endpoint }) =>
    (states.length === 0 || states.includes(state)) &&
    (hosts.length === 0 || hosts.includes(host)) &&
    (methods.length === 0 || methods.includes(method)) &&
    (endpoints.length === 0 || endpoints.some((part) => endpoint.includes(part)))
}

function hostsOf(operations: readonly { readonly host: string }[]): readonly string[] {
  return [...new Set(operations.map(({ host }) => host))]
}
