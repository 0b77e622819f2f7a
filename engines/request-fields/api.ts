/** Fields about the API itself that cost nothing to know. */
import type { RequestFacts } from './facts.ts'
import type { FieldReader } from './field-source.ts'
import { cookiesOf } from './parameters.ts'

export const API_FIELDS: { readonly [field: string]: FieldReader } = {
  'cf.api_gateway.fallthrough_detected': (x) => x.operation === null,
  'cf.api_gateway.auth_id_present': isSessionIdentified,
}

function isSessionIdentified(x: RequestFacts): boolean {
  return x.sessionIdentifiers.some(({ type, name }) => {
    if (type === 'header') return (x.header(name.toLowerCase()) ?? '') !== ''
    if (type !== 'cookie') return false
    const cookies = cookiesOf(x.header('cookie') ?? '')
    return cookies.some((cookie) => cookie.name === name && cookie.value !== '')
  })
}
