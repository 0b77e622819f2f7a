/** Fields about the API itself that cost nothing to know. */
import type { Exchange } from '../exchange.ts'
import type { FieldReader } from './field-source.ts'
import { cookiesOf } from './parameters.ts'

export const API_FIELDS: { readonly [field: string]: FieldReader } = {
  'cf.api_gateway.fallthrough_detected': (x) => x.operation === null,
  'cf.api_gateway.auth_id_present': isSessionIdentified,
}

function isSessionIdentified(x: Exchange): boolean {
  return x.snapshot.sessionIdentifiers.some(({ type, name }) => {
    if (type === 'header') return (x.request.headers.get(name) ?? '') !== ''
    if (type !== 'cookie') return false
    const cookies = cookiesOf(x.request.headers.get('cookie') ?? '')
    return cookies.some((cookie) => cookie.name === name && cookie.value !== '')
  })
}
