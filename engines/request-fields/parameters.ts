/** Names and values in a query string, a Cookie header and a form, as the rules language shows them. */

export type Parameter = { readonly name: string; readonly value: string }

/** In order, still percent-encoded: the rules language has `url_decode` for who wants them decoded. */
export function queryOf(query: string): readonly Parameter[] {
  if (query === '') return []
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const mark = part.indexOf('=')
      return mark === -1
        ? { name: part, value: '' }
        : { name: part.slice(0, mark), value: part.slice(mark + 1) }
    })
}

/** RFC 6265 §5.4 read backwards; names are URL-decoded, values are left as sent. */
export function cookiesOf(cookie: string): readonly Parameter[] {
  return cookie.split(';').flatMap((part) => {
    const mark = part.indexOf('=')
    if (mark === -1) return []
    return { name: unescapedOnce(part.slice(0, mark).trim()), value: part.slice(mark + 1).trim() }
  })
}

/** Decoded as an origin does; a text that is no escaped UTF-8 stays as it stands, for a broken escape is part of it then. */
export function unescapedOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The fields of an `application/x-www-form-urlencoded` body, decoded (WHATWG URL §5.1). */
export function formOf(text: string): readonly Parameter[] {
  return Array.from(new URLSearchParams(text), ([name, value]) => ({ name, value }))
}

/** All values of each name, in order. */
export function grouped(parameters: readonly Parameter[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const { name, value } of parameters) {
    const values = map.get(name)
    if (values === undefined) map.set(name, [value])
    else values.push(value)
  }
  return map
}
