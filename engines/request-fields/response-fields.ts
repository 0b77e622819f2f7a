/** Fields of the answer that a client gets, once there is one. */
import { fieldIndex, type Value } from '#engines/expressions'

type ResponseFacts = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Iterable<readonly [string, string]>
}

const CODE = fieldIndex('http.response.code')
const MEDIA_TYPE = fieldIndex('http.response.content_type.media_type')
const TRUNCATED = fieldIndex('http.response.headers.truncated')

/** Headers reach the client as the origin sent them, so that raw ones are the same. */
const HEADERS = ['http.response.headers', 'raw.http.response.headers'].map((field) => ({
  byName: fieldIndex(field),
  names: fieldIndex(`${field}.names`),
  values: fieldIndex(`${field}.values`),
}))

/** By field index. */
export function responseFields({ status, headers }: ResponseFacts): ReadonlyMap<number, Value> {
  const pairs = [...headers]
  const byName = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const before = byName.get(name)
    if (before === undefined) byName.set(name, [value])
    else before.push(value)
  }
  const contentType = byName.get('content-type')?.[0] ?? ''
  const fields = new Map<number, Value>([
    [CODE, status],
    [MEDIA_TYPE, (contentType.split(';')[0] ?? '').trim().toLowerCase()],
    [TRUNCATED, false],
  ])
  for (const indexes of HEADERS) {
    fields.set(indexes.byName, byName)
    fields.set(
      indexes.names,
      pairs.map(([name]) => name),
    )
    fields.set(
      indexes.values,
      pairs.map(([, value]) => value),
    )
  }
  return fields
}
