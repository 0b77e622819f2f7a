/** The filters and orders of the list of operations. */
import { ok, type Result } from '#engines/result'
import type { Operation } from '../../storage/resources.ts'
import { problem, type Problems } from '../envelope.ts'
import { readWord } from '../pagination.ts'

export type OperationFilter = {
  /** Part of an endpoint. */
  readonly endpoint: string
  readonly hosts: ReadonlySet<string>
  readonly methods: ReadonlySet<string>
  readonly order: 'method' | 'host' | 'endpoint' | null
  readonly descending: boolean
}

export function readFilter(query: URLSearchParams): Result<OperationFilter, Problems> {
  const direction = readWord(query, 'direction', ['asc', 'desc'])
  if (!direction.ok) return direction
  const order = readOrder(query.get('order'))
  if (!order.ok) return order
  return ok({
    endpoint: query.get('endpoint') ?? '',
    hosts: new Set(query.getAll('host').map((host) => host.toLowerCase())),
    methods: new Set(query.getAll('method').map((method) => method.toUpperCase())),
    order: order.value,
    descending: direction.value === 'desc',
  })
}

/** The order of creation when the query names none; equal ones keep it. */
export function selected(
  operations: readonly Operation[],
  filter: OperationFilter,
): readonly Operation[] {
  const { endpoint, hosts, methods, order, descending } = filter
  const matching = operations.filter(
    (operation) =>
      operation.endpoint.includes(endpoint) &&
      (hosts.size === 0 || hosts.has(operation.host)) &&
      (methods.size === 0 || methods.has(operation.method)),
  )
  if (order === null) return descending ? matching.toReversed() : matching
  const sign = descending ? -1 : 1
  return matching.toSorted((a, b) => sign * compare(a[order], b[order]))
}

/** `thresholds.<key>` is accepted: no operation has thresholds yet, so all of them are equal. */
function readOrder(text: string | null): Result<OperationFilter['order'], Problems> {
  if (text === null || text.startsWith('thresholds.')) return ok(null)
  if (text === 'method' || text === 'host' || text === 'endpoint') return ok(text)
  return problem('invalid_query', 'order must be method, host, endpoint or thresholds.<key>.')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
