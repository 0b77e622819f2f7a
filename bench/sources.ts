/**
 * Fields of the requests of a bench. One source is pointed at one request after the other, and reads where predicates
 * written by hand read: so both sides touch the same memory, and what is compared is the work.
 */
import { fieldIndex, FIELDS, type FieldSource, toValue, type Value } from '#engines/expressions'
import type { PlainRequest } from './requests.ts'

/** A source and the way to point it at another request. */
export type Cursor<T> = {
  readonly source: FieldSource
  readonly select: (request: T) => void
}

type Reader = (request: PlainRequest) => Value | undefined

/** One function a field, as the data plane has it. */
const READERS = byIndex<Reader>({
  'http.request.method': (r) => r.method,
  'http.host': (r) => r.host,
  'http.request.uri.path': (r) => r.path,
  'http.request.uri.query': (r) => r.query,
  'http.user_agent': (r) => r.userAgent,
  'http.referer': (r) => r.referer,
  'http.cookie': (r) => r.cookie,
  'http.request.headers': (r) => r.headers,
  ssl: (r) => r.isTls,
  'ip.src': (r) => r.address,
  'ip.src.country': (r) => r.country,
  'ip.src.asnum': (r) => r.asn,
  'cf.threat_score': (r) => r.threatScore,
  'cf.bot_management.score': (r) => r.botScore,
  'cf.tls_client_auth.cert_verified': (r) => r.isCertVerified,
  'cf.tls_client_auth.cert_revoked': (r) => r.isCertRevoked,
})

const HEADERS = fieldIndex('http.request.headers')

/** Before the first `select` every field is missing. */
export function createCursor(): Cursor<PlainRequest> {
  let request: PlainRequest | null = null
  return {
    source: {
      field: (index) => (request === null ? undefined : READERS[index]?.(request)),
      entry: (index, key) => (index === HEADERS ? request?.headers.get(key) : undefined),
    },
    select(next) {
      request = next
    },
  }
}

/** The values of a request by field index. */
export type FieldValues = readonly (Value | undefined)[]

/** The same for requests that are given field by field. */
export function createValuesCursor(): Cursor<FieldValues> {
  let values: FieldValues = []
  return {
    source: {
      field: (index) => values[index],
      entry(index, key) {
        const map = values[index]
        return map instanceof Map ? map.get(key) : undefined
      },
    },
    select(next) {
      values = next
    },
  }
}

/** JSON by name of field. @throws for a name that the rules language does not have. */
export function toFieldValues(fields: { readonly [field: string]: unknown }): FieldValues {
  const values = byIndex(fields)
  return values.map((json, index) => {
    const row = FIELDS[index]
    return json === undefined || row === undefined ? undefined : toValue(row.type, json)
  })
}

function byIndex<T>(named: { readonly [field: string]: T }): readonly (T | undefined)[] {
  const table: (T | undefined)[] = Array.from({ length: FIELDS.length })
  for (const [name, item] of Object.entries(named)) {
    const index = fieldIndex(name)
    if (index === -1) throw new Error(`the rules language has no field ${name}`)
    table[index] = item
  }
  return table
}
