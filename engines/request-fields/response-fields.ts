/** Fields of the answer that a client gets, once there is one. */
import { fieldIndex, type Value } from '#engines/expressions'
import { mediaType } from './media-type.ts'
import { grouped } from './parameters.ts'

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
  const sent = Array.from(headers, ([name, value]) => ({ name, value }))
  const byName = grouped(sent)
  const fields = new Map<number, Value>([
    [CODE, status],
    [MEDIA_TYPE, mediaType(byName.get('content-type')?.[0] ?? '')],
    [TRUNCATED, false],
  ])
  for (const indexes of HEADERS) {
    fields.set(indexes.byName, byName)
    fields.set(
      indexes.names,
      sent.map(({ name }) => name),
    )
    fields.set(
      indexes.values,
      sent.map(({ value }) => value),
    )
  }
  return fields
}
