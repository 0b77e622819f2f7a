/**
 * Reads a schema in the schema definition language (GraphQL, section 3) as far as costs need it: types, fields, arguments and
 * directives. Extensions are joined to what they extend. Whether types and directives exist is not its business.
 */
import { err, ok, type Result } from '#engines/result'
import { errorAt, type SdlError, type SdlToken, tokenizeSdl } from './sdl-tokens.ts'

type SdlKind = 'scalar' | 'type' | 'interface' | 'union' | 'enum' | 'input'

type SdlType = {
  readonly kind: SdlKind
  readonly name: string
  readonly directives: readonly SdlDirective[]
  readonly fields: readonly SdlField[]
  /** UTF-16 unit of the source. */
  readonly index: number
}

export type SdlField = {
  readonly name: string
  readonly typeName: string
  readonly isList: boolean
  readonly arguments: readonly SdlField[]
  readonly directives: readonly SdlDirective[]
  readonly defaultValue: SdlValue | undefined
  readonly index: number
}

export type SdlDirective = {
  readonly name: string
  readonly arguments: ReadonlyMap<string, SdlValue>
}

type SdlValue = string | number | boolean | null | readonly SdlValue[] | SdlObject
type SdlObject = { readonly members: ReadonlyMap<string, SdlValue> }

export type SdlSchema = {
  readonly types: readonly SdlType[]
  /** What the schema definition calls its root types, by operation type; empty without one. */
  readonly rootTypes: ReadonlyMap<string, string>
}

export type SdlLimits = { readonly tokensMax: number; readonly nestingMax: number }

/** Refuses with the place of the first token that does not fit. */
export function parseSdl(source: string, limits: SdlLimits): Result<SdlSchema, SdlError> {
  const tokens = tokenizeSdl(source, limits.tokensMax)
  if (!tokens.ok) return tokens
  const reader: Reader = {
    tokens: tokens.value,
    next: 0,
    nestingMax: limits.nestingMax,
    failure: null,
  }
  const types: SdlType[] = []
  const rootTypes = new Map<string, string>()
  while (peek(reader).kind !== 'end' && reader.failure === null) {
    readDefinition(reader, { types, rootTypes })
  }
  const { failure } = reader
  if (failure !== null) return err(errorAt(source, failure.index, failure.message))
  return ok({ types, rootTypes })
}

type Reader = {
  readonly tokens: readonly SdlToken[]
  next: number
  readonly nestingMax: number
  /** The first one; from then on every token is the end. */
  failure: { readonly index: number; readonly message: string } | null
}

type Collected = { readonly types: SdlType[]; readonly rootTypes: Map<string, string> }

const END: SdlToken = { kind: 'end', text: '', index: 0 }
const KINDS: readonly SdlKind[] = ['scalar', 'type', 'interface', 'union', 'enum', 'input']

function readDefinition(reader: Reader, { types, rootTypes }: Collected): void {
  if (peek(reader).kind === 'text') take(reader)
  skipWord(reader, 'extend')
  const word = take(reader)
  if (word.text === 'schema') {
    readDirectives(reader)
    for (const { name, typeName } of readFields(reader)) rootTypes.set(name, typeName)
    return
  }
  if (word.text === 'directive') {
    skipDirectiveDefinition(reader)
    return
  }
  const kind = KINDS.find((each) => each === word.text)
  if (kind === undefined || word.kind !== 'name') {
    refuse(reader, word, 'a definition of a type, a directive or the schema must start here')
    return
  }
  const name = takeName(reader)
  if (skipWord(reader, 'implements')) skipNames(reader, '&')
  const directives = readDirectives(reader)
  if (kind === 'union' && skip(reader, '=')) skipNames(reader, '|')
  const fields = kind === 'enum' ? readEnumValues(reader) : readFields(reader)
  types.push({ kind, name, directives, fields, index: word.index })
}

/** `directive @name(arguments) repeatable on A | B`: what directives there are is not looked at. */
function skipDirectiveDefinition(reader: Reader): void {
  expect(reader, '@')
  takeName(reader)
  readArgumentDefinitions(reader)
  skipWord(reader, 'repeatable')
  if (!skipWord(reader, 'on'))
    refuse(reader, peek(reader), 'the places of a directive must stand here')
  skipNames(reader, '|')
}

function skipNames(reader: Reader, separator: string): void {
  skip(reader, separator)
  do takeName(reader)
  while (skip(reader, separator))
}

function readEnumValues(reader: Reader): readonly SdlField[] {
  if (!skip(reader, '{')) return []
  while (!skip(reader, '}') && reader.failure === null) {
    if (peek(reader).kind === 'text') take(reader)
    takeName(reader)
    readDirectives(reader)
  }
  return []
}

function readFields(reader: Reader): readonly SdlField[] {
  return skip(reader, '{') ? readUntil(reader, '}') : []
}

function readArgumentDefinitions(reader: Reader): readonly SdlField[] {
  return skip(reader, '(') ? readUntil(reader, ')') : []
}

function readUntil(reader: Reader, close: string): readonly SdlField[] {
  const fields: SdlField[] = []
  while (!skip(reader, close) && reader.failure === null) fields.push(readField(reader))
  return fields
}

/** A field, an argument or an input field. */
function readField(reader: Reader): SdlField {
  if (peek(reader).kind === 'text') take(reader)
  const { index } = peek(reader)
  const name = takeName(reader)
  const args = readArgumentDefinitions(reader)
  expect(reader, ':')
  let lists = 0
  while (skip(reader, '[')) lists += 1
  const typeName = takeName(reader)
  skip(reader, '!')
  for (let open = lists; open > 0; open--) {
    expect(reader, ']')
    skip(reader, '!')
  }
  const defaultValue = skip(reader, '=') ? readValue(reader, 0) : undefined
  const directives = readDirectives(reader)
  return { name, typeName, isList: lists > 0, arguments: args, directives, defaultValue, index }
}

function readDirectives(reader: Reader): readonly SdlDirective[] {
  const directives: SdlDirective[] = []
  while (skip(reader, '@')) {
    const name = takeName(reader)
    directives.push({
      name,
      arguments: skip(reader, '(') ? readMembers(reader, ')', 0) : new Map(),
    })
  }
  return directives
}

function readMembers(reader: Reader, close: string, depth: number): ReadonlyMap<string, SdlValue> {
  const members = new Map<string, SdlValue>()
  while (!skip(reader, close) && reader.failure === null) {
    const name = takeName(reader)
    expect(reader, ':')
    members.set(name, readValue(reader, depth))
  }
  return members
}

const WORDS: ReadonlyMap<string, SdlValue> = new Map<string, SdlValue>([
  ['true', true],
  ['false', false],
  ['null', null],
])

function readValue(reader: Reader, depth: number): SdlValue {
  const token = take(reader)
  if (depth > reader.nestingMax) return refuse(reader, token, 'this value is nested too deeply')
  if (token.kind === 'number') return Number(token.text)
  if (token.kind === 'text') return token.text
  if (token.kind === 'name') return WORDS.get(token.text) ?? token.text
  if (token.text === '{') return { members: readMembers(reader, '}', depth + 1) }
  if (token.text !== '[') return refuse(reader, token, 'a value must stand here')
  const values: SdlValue[] = []
  while (!skip(reader, ']') && reader.failure === null) values.push(readValue(reader, depth + 1))
  return values
}

function peek(reader: Reader): SdlToken {
  return (reader.failure === null ? reader.tokens[reader.next] : undefined) ?? END
}

function take(reader: Reader): SdlToken {
  const token = peek(reader)
  if (token.kind !== 'end') reader.next += 1
  return token
}

function takeName(reader: Reader): string {
  const token = take(reader)
  if (token.kind !== 'name') refuse(reader, token, 'a name must stand here')
  return token.text
}

function expect(reader: Reader, punctuator: string): void {
  if (!skip(reader, punctuator)) refuse(reader, peek(reader), `${punctuator} must stand here`)
}

function skip(reader: Reader, punctuator: string): boolean {
  const { kind, text } = peek(reader)
  if (kind !== 'punctuator' || text !== punctuator) return false
  reader.next += 1
  return true
}

function skipWord(reader: Reader, word: string): boolean {
  const { kind, text } = peek(reader)
  if (kind !== 'name' || text !== word) return false
  reader.next += 1
  return true
}

function refuse(reader: Reader, { index }: SdlToken, message: string): null {
  reader.failure ??= { index, message }
  return null
}
