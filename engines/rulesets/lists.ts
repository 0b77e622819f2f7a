/** The named lists of an account, compiled: what an expression may name, and what it then asks. */
import { compileList, type ListKind, type ListMatcher } from '#engines/expressions'

/** Some of the items of a list; several parts of one name are the list together. */
export type ListPart = {
  readonly name: string
  readonly kind: ListKind
  readonly items: readonly ListItem[]
}

type ListItem = { readonly ip?: string; readonly hostname?: ListHostname; readonly asn?: number }

type ListHostname = {
  readonly url_hostname: string
  /** Of `*.example.com`: false makes `example.com` itself a member too. */
  readonly exclude_exact_hostname?: boolean
}

export type Lists = {
  readonly kinds: ReadonlyMap<string, ListKind>
  readonly matchers: ReadonlyMap<string, ListMatcher>
}

/** @throws when an item is none of its kind; items were checked when they were written. */
export function compileLists(parts: readonly ListPart[]): Lists {
  const kinds = new Map(parts.map(({ name, kind }) => [name, kind]))
  const matchers = new Map<string, ListMatcher>()
  for (const [name, kind] of kinds) {
    const items = parts.filter((part) => part.name === name).flatMap((part) => part.items)
    const compiled = compileList(kind, items.flatMap(comparable))
    if (!compiled.ok) {
      const { index, message } = compiled.error
      throw new Error(`item ${index} of the list ${name}: ${message}`)
    }
    matchers.set(name, compiled.value)
  }
  return { kinds, matchers }
}

function comparable({ ip, hostname, asn }: ListItem): readonly (string | number)[] {
  return [ip, asn, ...(hostname === undefined ? [] : names(hostname))].filter(
    (value) => value !== undefined,
  )
}

function names({ url_hostname, exclude_exact_hostname }: ListHostname): readonly string[] {
  const isExactToo = exclude_exact_hostname === false && url_hostname.startsWith('*.')
  return isExactToo ? [url_hostname, url_hostname.slice(2)] : [url_hostname]
}
