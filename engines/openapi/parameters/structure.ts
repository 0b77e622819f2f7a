/** A parameter taken apart by its style, before its texts are read as the types of its schema. */
import { err, ok, type Result } from '#engines/result'

export type Structure =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Structure[] }
  | { readonly kind: 'members'; readonly members: ReadonlyMap<string, Structure> }

export type StructureKind = Structure['kind']

/** The text is not written in the style, or its percent-encoding is broken. */
export type DecodeFailure = 'malformed' | 'bad_escape' | 'not_utf8'

export type Structured = Result<Structure, DecodeFailure>

/** How one text stands for itself: with percent-encoding, with `+` for a space as well, or as it is. */
export type Unescape = (text: string) => Result<string, DecodeFailure>

export const plain: Unescape = ok

/** RFC 3986 §2.1 over UTF-8. */
export const percentDecoded: Unescape = (text) => {
  if (!text.includes('%')) return ok(text)
  if (/%(?![\da-fA-F]{2})/.test(text)) return err('bad_escape')
  try {
    return ok(decodeURIComponent(text))
  } catch {
    // The escapes are well formed, so the bytes they stand for are not UTF-8.
    return err('not_utf8')
  }
}

/** As in forms: `+` is a space. */
export const formDecoded: Unescape = (text) => percentDecoded(text.replaceAll('+', ' '))

export function textOf(raw: string, unescape: Unescape): Structured {
  const text = unescape(raw)
  return text.ok ? ok({ kind: 'text', text: text.value }) : text
}

export function listOf(raw: readonly string[], unescape: Unescape): Structured {
  const items: Structure[] = []
  for (const each of raw) {
    const item = textOf(each, unescape)
    if (!item.ok) return item
    items.push(item.value)
  }
  return ok({ kind: 'list', items })
}

/** A name that comes twice would be read as one or the other by whoever reads on. */
export function membersOf(
  raw: readonly (readonly [name: string, value: string])[],
  unescape: Unescape,
): Structured {
  const members = new Map<string, Structure>()
  for (const [rawName, rawValue] of raw) {
    const name = unescape(rawName)
    if (!name.ok) return name
    const value = textOf(rawValue, unescape)
    if (!value.ok) return value
    if (members.has(name.value)) return err('malformed')
    members.set(name.value, value.value)
  }
  return ok({ kind: 'members', members })
}
