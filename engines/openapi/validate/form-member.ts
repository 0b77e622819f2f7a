/**
 * One member of a form, URL-encoded or multipart: the texts that were sent under its name → the value that its schema
 * speaks of. A list is the name given several times, an object is a JSON text, unless the encoding names a style.
 */
import { err, ok, type Result } from '#engines/result'
import { isJson } from '../media-types.ts'
import { type DelimitedStyle, readDelimited } from '../parameters/delimited.ts'
import { plain } from '../parameters/structure.ts'
import { readingsOf, typed } from '../parameters/typed.ts'
import type { ValueShape } from '../parameters/value-shape.ts'
import type { EncodingProfile } from '../profile-content.ts'
import type { Violation } from '../violations.ts'
import { bodyViolation } from './body-reader.ts'
import { readJsonText } from './json-body.ts'

export type FormMember = {
  /** `$.name`, for what is wrong with it. */
  readonly target: string
  /** Unescaped; at least one. */
  readonly texts: readonly string[]
  readonly shape: ValueShape
  readonly encoding: EncodingProfile | undefined
}

export function readMember(member: FormMember): Result<unknown, Violation> {
  const { texts, shape, encoding, target } = member
  const [first = '', ...more] = texts
  if (shape.kinds.includes('array')) return readList(member)
  if (more.length > 0) return err(bodyViolation('repeated', '', target))
  return readSingle(first, shape, { encoding, target })
}

type At = { readonly encoding: EncodingProfile | undefined; readonly target: string }

function readSingle(text: string, shape: ValueShape, at: At): Result<unknown, Violation> {
  const style = at.encoding?.style
  if (shape.kinds.includes('object')) {
    if (style === undefined || style === 'deepObject') return readJsonText(text, at.target)
    return readStyled(text, 'members', { ...at, style, shape })
  }
  // A member that is a string may hold a JSON text; any other is one.
  const isJsonText = at.encoding?.content_types?.every(isJson) === true
  if (isJsonText && !shape.kinds.includes('string')) return readJsonText(text, at.target)
  return ok(readingsOf(shape.kinds, text)[0])
}

function readList({ texts, shape, encoding, target }: FormMember): Result<unknown, Violation> {
  const style = encoding?.style ?? 'form'
  const [first = '', ...more] = texts
  const isJoined =
    encoding?.explode === false || (style !== 'form' && encoding?.explode === undefined)
  if (isJoined && style !== 'deepObject') {
    if (more.length > 0) return err(bodyViolation('repeated', '', target))
    return readStyled(first, 'list', { encoding, target, style, shape })
  }
  const items: unknown[] = []
  const itemShape = shape.items()
  for (const [index, text] of texts.entries()) {
    const item = readSingle(text, itemShape, { encoding: undefined, target: `${target}[${index}]` })
    if (!item.ok) return item
    items.push(item.value)
  }
  return ok(items)
}

type Styled = At & { readonly style: DelimitedStyle; readonly shape: ValueShape }

function readStyled(
  text: string,
  kind: 'list' | 'members',
  { style, shape, target }: Styled,
): Result<unknown, Violation> {
  const how = { style, explode: false, name: '', unescape: plain, isHeader: false }
  const structured = readDelimited(text, kind, how)
  if (structured.ok) return ok(typed(structured.value, shape))
  return err(bodyViolation('type', kind === 'list' ? 'array' : 'object', target))
}
