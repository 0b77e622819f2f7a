/** JSON Pointers in the fragment of a reference (RFC 6901 §6). */
import { isObject } from './json-value.ts'

/** `#/a/b~1c` to its tokens, or null when the reference is not a pointer into this document. */
export function pointerTokens(ref: string): readonly string[] | null {
  if (ref === '#' || ref === '#/') return ref === '#' ? [] : ['']
  if (!ref.startsWith('#/')) return null
  return ref.slice(2).split('/').map(decodeToken)
}

/** The value a pointer leads to, or undefined. */
export function resolvePointer(root: unknown, tokens: readonly string[]): unknown {
  let value = root
  for (const token of tokens) {
    if (Array.isArray(value))
      value = /^(?:0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token]
    else return undefined
  }
  return value
}

function decodeToken(token: string): string {
  if (!/[%~]/.test(token)) return token
  return decodePercent(token).replaceAll('~1', '/').replaceAll('~0', '~')
}

function decodePercent(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    // A stray percent sign: taken literally, as most tools do.
    return token
  }
}
