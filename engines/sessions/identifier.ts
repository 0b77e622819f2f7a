/**
 * Finds what a request says about its session. Identifiers are asked in the configured order and the first that is present
 * is taken, alone: joined with others, a client could become another session by adding a cookie that nobody checks.
 */
import { SESSION_LIMITS } from './limits.ts'

/** As configured: `auth_id_characteristics` of the API. */
export type SessionCharacteristic = {
  readonly type: 'header' | 'cookie' | 'jwt'
  readonly name: string
}

/** Where the values are; each is null when the request has none. */
export type SessionValues = {
  /** By lower-case name. */
  readonly header: (name: string) => string | null
  readonly cookie: (name: string) => string | null
  /** By `<token configuration id>:<JSONPath>`, of a token that was found valid. */
  readonly claim: (reference: string) => string | null
}

export type SessionIdentity = SessionCharacteristic & { readonly value: string }

/** Null when the request has none of them, or only an empty or overlong one. */
export function identifySession(
  characteristics: readonly SessionCharacteristic[],
  values: SessionValues,
): SessionIdentity | null {
  for (const { type, name } of characteristics) {
    const value = READERS[type](values, name) ?? ''
    if (value !== '' && value.length <= SESSION_LIMITS.valueCharactersMax) {
      return { type, name, value }
    }
  }
  return null
}

const READERS: {
  readonly [T in SessionCharacteristic['type']]: (
    values: SessionValues,
    name: string,
  ) => string | null
} = {
  header: ({ header }, name) => header(name.toLowerCase()),
  cookie: ({ cookie }, name) => cookie(name),
  jwt: ({ claim }, name) => claim(name),
}
