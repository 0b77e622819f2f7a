/**
 * Remembers tokens that were found valid, by their whole text, so that a repeated one costs no public-key operation. Bounded
 * by tokens and by their characters; what was not asked for longest goes first, a generation at a time. It knows no clock: whoever
 * finds a token here has its times rechecked, and drops the cache when keys or configuration change.
 */
import { TOKEN_LIMITS } from './limits.ts'
import type { ValidToken } from './verdict.ts'

export type TokenCache = {
  get(token: string): ValidToken | undefined
  set(token: string, verdict: ValidToken): void
  clear(): void
}

export type TokenCacheBounds = { readonly entriesMax: number; readonly charactersMax: number }

const BOUNDS: TokenCacheBounds = {
  entriesMax: TOKEN_LIMITS.cacheEntriesMax,
  charactersMax: TOKEN_LIMITS.cacheCharactersMax,
}

/** The bounds are those of an isolate: several caches share them out. */
export function createTokenCache({
  entriesMax,
  charactersMax,
}: TokenCacheBounds = BOUNDS): TokenCache {
  let young = new Map<string, ValidToken>()
  let old = new Map<string, ValidToken>()
  let youngCharacters = 0

  function set(token: string, verdict: ValidToken): void {
    // Two generations of half the bound each.
    if (token.length * 2 > charactersMax || entriesMax < 2) return
    const isFull =
      young.size >= entriesMax >> 1 || youngCharacters + token.length > charactersMax / 2
    if (isFull) {
      old = young
      young = new Map()
      youngCharacters = 0
    }
    if (!young.has(token)) youngCharacters += token.length
    young.set(copyOf(token), verdict)
  }

  return {
    get(token) {
      const verdict = young.get(token)
      if (verdict !== undefined) return verdict
      const before = old.get(token)
      if (before !== undefined) set(token, before)
      return before
    },
    set,
    clear() {
      young = new Map()
      old = new Map()
      youngCharacters = 0
    },
  }
}

/** A part of a text keeps the whole of it in memory: one token of a cookie header would keep all cookies. */
function copyOf(token: string): string {
  return decoder.decode(encoder.encode(token))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
