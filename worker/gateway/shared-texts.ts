/**
 * One copy of texts that are many times the same: the clients of one issuer all have its chain, and each remembers it. When
 * there are too many different ones it starts anew, and copies are merely not shared.
 */
export type SharedTexts = { share(text: string): string }

const TEXTS_MAX = 256

export function createSharedTexts(): SharedTexts {
  const texts = new Map<string, string>()
  return {
    share(text) {
      const known = texts.get(text)
      if (known !== undefined) return known
      if (texts.size >= TEXTS_MAX) texts.clear()
      texts.set(text, text)
      return text
    },
  }
}
