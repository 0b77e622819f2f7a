/** Tokens of a schema document (GraphQL, section 2.1), for the parser of cost schemas: made at write time, all at once. */
import { err, ok, type Result } from '#engines/result'

export type SdlToken = {
  readonly kind: 'name' | 'number' | 'text' | 'punctuator' | 'end'
  /** Of a text, what it says, escapes left as they are. */
  readonly text: string
  /** UTF-16 unit of the source. */
  readonly index: number
}

export type SdlError = { readonly message: string; readonly line: number; readonly column: number }

/** A token or what is ignored; each alternative reads forward only. */
const TOKEN =
  /(?<ignored>[\s,\ufeff]+|#[^\n\r]*)|(?<name>[_A-Za-z]\w*)|(?<number>-?\d[\d.eE+-]*)|"""(?<block>(?:\\"""|(?!""")[^])*)"""|"(?<text>(?:\\.|[^"\\\n\r])*)"|(?<punctuator>\.\.\.|[!$&()[\]{}:=@|])/y

/** Refuses the first character that starts no token, and more tokens than there may be. */
export function tokenizeSdl(
  source: string,
  tokensMax: number,
): Result<readonly SdlToken[], SdlError> {
  const tokens: SdlToken[] = []
  let index = 0
  while (index < source.length) {
    TOKEN.lastIndex = index
    const groups = TOKEN.exec(source)?.groups
    if (groups === undefined) return err(errorAt(source, index, 'no token starts here'))
    const start = index
    index = TOKEN.lastIndex
    if (groups['ignored'] !== undefined) continue
    if (tokens.length === tokensMax) {
      return err(errorAt(source, start, `there are more than ${tokensMax} tokens`))
    }
    tokens.push({ ...kindOf(groups), index: start })
  }
  tokens.push({ kind: 'end', text: '', index })
  return ok(tokens)
}

/** Lines and columns count from 1. */
export function errorAt(source: string, index: number, message: string): SdlError {
  const before = source.slice(0, index).split(/\r\n|\n|\r/)
  return { message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

type Groups = { readonly [name: string]: string | undefined }

function kindOf(groups: Groups): Omit<SdlToken, 'index'> {
  const { name, number, punctuator } = groups
  if (name !== undefined) return { kind: 'name', text: name }
  if (number !== undefined) return { kind: 'number', text: number }
  if (punctuator !== undefined) return { kind: 'punctuator', text: punctuator }
  return { kind: 'text', text: groups['block'] ?? groups['text'] ?? '' }
}
