/** The functions of the language. `any` and `all` are not here: they are quantifiers of the grammar. */
import { endsWith, startsWith } from './affix.ts'
import { concat } from './concat.ts'
import { join } from './join.ts'
import { len } from './len.ts'
import { lower } from './lower.ts'
import { hasKey, hasValue } from './membership.ts'
import type { FunctionRow } from './row.ts'
import { substring } from './substring.ts'
import { toString } from './to-string.ts'
import { upper } from './upper.ts'
import { urlDecode } from './url-decode.ts'

const FUNCTIONS: readonly FunctionRow[] = [
  concat,
  endsWith,
  hasKey,
  hasValue,
  join,
  len,
  lower,
  startsWith,
  substring,
  toString,
  upper,
  urlDecode,
]

const BY_NAME: ReadonlyMap<string, FunctionRow> = new Map(FUNCTIONS.map((row) => [row.name, row]))

/** The row of a function by its name in the language. */
export function findFunction(name: string): FunctionRow | undefined {
  return BY_NAME.get(name)
}
