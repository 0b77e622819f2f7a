/**
 * DNS names as certificates and name constraints write them (RFC 5280 §4.2.1.6, RFC 1034 §3.5). Compared
 * without case; a name that could be read as another kind (a port, an address, an empty label) is null.
 */
import { certificateLimits } from './limits.ts'

/** The host name in lower case, or null. Underscores are let through: they are widespread and mean nothing else. */
export function readHostName(text: string): string | null {
  const { hostNameCharactersMax } = certificateLimits
  if (text.length > hostNameCharactersMax || !hostNameForm.test(text)) return null
  return text.toLowerCase()
}

/** The name and every name above it, most specific first: `a.b.c`, `b.c`, `c`. */
export function withParents(name: string): readonly string[] {
  const labels = name.split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}

const hostNameForm =
  /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i
