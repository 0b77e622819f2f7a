/** A request as a row of JSON describes it. */
import { err, ok, type Result } from '#engines/result'
import { isObject, type JsonObject } from '../json-lines.ts'
import type { GivenRequest } from './request-judge.ts'

/** `{method, url, headers?, body?|body_base64?}`; the error says what is wrong with the row. */
export function readGivenRequest(row: JsonObject): Result<GivenRequest, string> {
  const { method, url, headers = {}, body, body_base64 } = row
  if (typeof method !== 'string' || method === '') return err('method must be text')
  if (typeof url !== 'string' || url === '') return err('url must be text')
  const fields = readHeaders(headers)
  if (!fields.ok) return fields
  const bytes = readBody(body, body_base64)
  if (!bytes.ok) return bytes
  const target = readTarget(url)
  if (target === null) return err('url must begin with http://, https:// or /')
  return ok({
    method: method.toUpperCase(),
    ...target,
    header: (name) => fields.value.get(name.toLowerCase()) ?? null,
    body: bytes.value === null ? { kind: 'none' } : { kind: 'bytes', bytes: bytes.value },
  })
}

/** By lower-case name; a list is a header that came several times. */
function readHeaders(headers: unknown): Result<ReadonlyMap<string, string>, string> {
  if (!isObject(headers)) return err('headers must be an object')
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    const values = Array.isArray(value) ? value : [value]
    if (!values.every((each) => typeof each === 'string')) {
      return err(`headers.${name} must be text or a list of texts`)
    }
    const known = fields.get(name.toLowerCase())
    fields.set(name.toLowerCase(), [...(known === undefined ? [] : [known]), ...values].join(', '))
  }
  return ok(fields)
}

function readBody(body: unknown, base64: unknown): Result<Uint8Array<ArrayBuffer> | null, string> {
  if (body !== undefined && body !== null && base64 !== undefined && base64 !== null) {
    return err('body and body_base64 exclude each other')
  }
  if (typeof body === 'string') return ok(Uint8Array.from(new TextEncoder().encode(body)))
  if (body !== undefined && body !== null) return err('body must be text')
  if (base64 === undefined || base64 === null) return ok(null)
  if (typeof base64 !== 'string' || !/^[\w+/-]*={0,2}$/.test(base64)) {
    return err('body_base64 must be base64')
  }
  return ok(Uint8Array.from(Buffer.from(base64, 'base64')))
}

function readTarget(url: string): Pick<GivenRequest, 'host' | 'target'> | null {
  if (url.startsWith('/')) return { host: null, target: withoutFragment(url) }
  const [, authority = '', rest = ''] = /^https?:\/\/([^/?#]+)(.*)$/is.exec(url) ?? []
  if (authority === '') return null
  const target = withoutFragment(rest)
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return { host, target: target.startsWith('/') ? target : `/${target}` }
}

/** A fragment is never sent. */
function withoutFragment(target: string): string {
  return target.replace(/#.*$/s, '')
}
