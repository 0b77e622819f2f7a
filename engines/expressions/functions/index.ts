/** The functions of the language. `any` and `all` are not here: they are quantifiers of the grammar. */
import { endsWith, startsWith } from './affix.ts'
import { decodeBase64Function, encodeBase64Function } from './base64.ts'
import { cidr, cidr6 } from './cidr.ts'
import { concat } from './concat.ts'
import { sha256, uuidv4 } from './digest.ts'
import { isTimedHmacValid } from './hmac.ts'
import { join } from './join.ts'
import { lookupJsonInteger, lookupJsonString } from './json.ts'
import { len } from './len.ts'
import { lower, upper } from './letter-case.ts'
import { hasKey, hasValue } from './membership.ts'
import { removeBytes, removeQueryArgs } from './removal.ts'
import { regexReplace, wildcardReplace } from './rewrite.ts'
import type { FunctionRow } from './row.ts'
import { split } from './split.ts'
import { substring } from './substring.ts'
import { toString } from './to-string.ts'
import { isJwtPresent, isJwtValid } from './token-verdicts.ts'
import { urlDecode } from './url-decode.ts'

/** https://developers.cloudflare.com/ruleset-engine/rules-language/functions/ */
const FUNCTIONS: readonly FunctionRow[] = [
  cidr,
  cidr6,
  concat,
  decodeBase64Function,
  encodeBase64Function,
  endsWith,
  hasKey,
  hasValue,
  isJwtPresent,
  isJwtValid,
  isTimedHmacValid,
  join,
  len,
  lookupJsonInteger,
  lookupJsonString,
  lower,
  regexReplace,
  removeBytes,
  removeQueryArgs,
  sha256,
  split,
  startsWith,
  substring,
  toString,
  upper,
  urlDecode,
  uuidv4,
  wildcardReplace,
]

const BY_NAME: ReadonlyMap<string, FunctionRow> = new Map(FUNCTIONS.map((row) => [row.name, row]))

/** Functions of the language that make no sense for HTTP requests, each with the reason. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'bit_slice',
    'bit_slice reads packets, which are not seen here: it belongs to network firewalls',
  ],
])

/** The row of a function by its name in the language. */
export function findFunction(name: string): FunctionRow | undefined {
  return BY_NAME.get(name)
}

/** Why a function of the language is not one of ours, or undefined. */
export function refusedFunction(name: string): string | undefined {
  return REFUSED.get(name)
}
