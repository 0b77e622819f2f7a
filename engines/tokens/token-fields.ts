/**
 * Verdicts on the tokens of a request as fields of the rules language: `is_jwt_valid()`, `is_jwt_present()` and
 * `http.request.jwt.claims*`, by configuration. Claims are those of valid tokens only; a claim that is not of the field's type
 * is left out.
 */
import { fieldIndex, type Value } from '#engines/expressions'
import { textsOf } from './registered-claims.ts'
import type { Claims, TokenVerdict } from './verdict.ts'

/** The token that a request presents to one configuration. */
export type JudgedToken = {
  readonly configurationId: string
  /** Null when there is no token. */
  readonly verdict: TokenVerdict | null
}

const CLAIMS = 'http.request.jwt.claims'

type ClaimField = {
  readonly map: FilledField
  readonly names: FilledField
  readonly values: FilledField
  /** Empty when the claim is absent. */
  readonly read: (claims: Claims, claimsText: string) => readonly Value[]
}

const CLAIM_FIELDS: readonly ClaimField[] = [
  { ...fieldNames(CLAIMS), read: (_claims, claimsText) => [claimsText] },
  { ...fieldNames(`${CLAIMS}.aud`), read: ({ aud }) => textsOf(aud).map(wellFormed) },
  { ...fieldNames(`${CLAIMS}.iss`), read: ({ iss }) => textIn(iss) },
  { ...fieldNames(`${CLAIMS}.sub`), read: ({ sub }) => textIn(sub) },
  { ...fieldNames(`${CLAIMS}.jti`), read: ({ jti }) => textIn(jti) },
  { ...fieldNames(`${CLAIMS}.iat.sec`), read: ({ iat }) => secondsIn(iat) },
  { ...fieldNames(`${CLAIMS}.nbf.sec`), read: ({ nbf }) => secondsIn(nbf) },
]

const IS_PRESENT = filled('is_jwt_present()')
const IS_VALID = filled('is_jwt_valid()')

export const TOKEN_FIELDS: readonly string[] = [
  IS_PRESENT,
  IS_VALID,
  ...CLAIM_FIELDS.flatMap(({ map, names, values }) => [map, names, values]),
].map(({ name }) => name)

/** By field index; one entry for each configuration that was asked. */
export function tokenFields(tokens: readonly JudgedToken[]): ReadonlyMap<number, Value> {
  const fields = new Map<number, Value>([
    [IS_PRESENT.index, byId(tokens, ({ verdict }) => verdict !== null)],
    [IS_VALID.index, byId(tokens, ({ verdict }) => verdict?.valid === true)],
  ])
  for (const { map, names, values, read } of CLAIM_FIELDS) {
    const entries = new Map<string, readonly Value[]>()
    for (const { configurationId, verdict } of tokens) {
      if (verdict?.valid !== true) continue
      const found = read(verdict.claims, verdict.claimsText)
      if (found.length > 0) entries.set(configurationId, found)
    }
    fields
      .set(map.index, entries)
      .set(names.index, [...entries.keys()])
      .set(values.index, [...entries.values()].flat())
  }
  return fields
}

function fieldNames(map: string): Omit<ClaimField, 'read'> {
  return { map: filled(map), names: filled(`${map}.names`), values: filled(`${map}.values`) }
}

/** Looked up once: this is filled for every request with a token. */
type FilledField = { readonly name: string; readonly index: number }

function filled(name: string): FilledField {
  return { name, index: fieldIndex(name) }
}

function byId(
  tokens: readonly JudgedToken[],
  holds: (token: JudgedToken) => boolean,
): ReadonlyMap<string, boolean> {
  return new Map(tokens.map((token) => [token.configurationId, holds(token)]))
}

function textIn(value: unknown): readonly Value[] {
  return typeof value === 'string' ? [wellFormed(value)] : []
}

/** In the rules language a lone surrogate stands for a byte that is no text; JSON can write one, and means none. */
function wellFormed(text: string): string {
  return text.toWellFormed()
}

/** Fractions are cut off: the fields are whole seconds. */
function secondsIn(value: unknown): readonly Value[] {
  const seconds = typeof value === 'number' ? Math.trunc(value) : Number.NaN
  return Number.isSafeInteger(seconds) ? [seconds] : []
}
