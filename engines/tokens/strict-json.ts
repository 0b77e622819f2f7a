/**
 * The JSON objects of a token. Refuses what parsers read differently, because the shield and the origin must see the same
 * claims: two members of one name, invalid UTF-8, numbers beyond what a double holds; and bounds depth and members.
 */
import { err, ok, type Result } from '#engines/result'
import { TOKEN_LIMITS } from './limits.ts'
import type { Claims, TokenReason } from './verdict.ts'

type JsonReason = Extract<
  TokenReason,
  'not_json' | 'duplicate_member' | 'too_deep' | 'too_many_members'
>

/** Octets that are text, and what has to be known of them before their members can be counted. */
export type JsonText = { readonly text: string; readonly colons: number }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Null when the octets are not UTF-8. The caller bounds them. */
export function readJsonText(utf8: Uint8Array): JsonText | null {
  try {
    return { text: decoder.decode(utf8), colons: countColons(utf8) }
  } catch {
    // The decoder has no other way to say so.
    return null
  }
}

export function parseJsonObject(json: JsonText | null): Result<Claims, JsonReason> {
  const value = json === null ? undefined : parse(json.text)
  if (json === null || !isObject(value)) return err('not_json')
  const members = countMembers(value, 1)
  if (typeof members === 'string') return err(members)
  if (json.colons > TOKEN_LIMITS.membersMax) return err('too_many_members')
  // JSON.parse keeps the last of several members of one name: then the text has more than the value.
  return json.colons === members ? ok(value) : err('duplicate_member')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // JSON.parse has no other way to say so.
    return undefined
  }
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function countMembers(value: object, depth: number): number | JsonReason {
  if (depth > TOKEN_LIMITS.depthMax) return 'too_deep'
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  let members = Array.isArray(value) ? 0 : items.length
  for (const item of items) {
    if (typeof item === 'object' && item !== null) {
      const inside = countMembers(item, depth + 1)
      if (typeof inside === 'string') return inside
      members += inside
    } else if (typeof item === 'number' && !Number.isFinite(item)) {
      return 'not_json'
    }
  }
  return members
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c

/** In valid JSON every colon outside texts belongs to one member. */
function countColons(utf8: Uint8Array): number {
  let colons = 0
  for (let index = 0; index < utf8.length; index++) {
    const octet = utf8[index]
    if (octet === COLON) colons += 1
    else if (octet === QUOTE) index = endOfText(utf8, index + 1)
  }
  return colons
}

function endOfText(utf8: Uint8Array, start: number): number {
  let index = start
  while (index < utf8.length && utf8[index] !== QUOTE) index += utf8[index] === BACKSLASH ? 2 : 1
  return index
}
