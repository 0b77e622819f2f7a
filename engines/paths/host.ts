/**
 * Hosts of operations and of requests, always without the port.
 *
 * Promises one spelling: lower case, ASCII (punycode), no trailing dot, IPv6 in brackets and
 * canonical. In a pattern a variable is a whole label; variables are numbered from the right, so that
 * `{hostVar2}.{hostVar1}.example.com` is its own canonical form. Refuses anything else.
 */
import { err, ok, type Result } from '#engines/result'
import { pathLimits, type PathLimits } from './limits.ts'

export type HostError =
  | { readonly reason: 'empty' }
  | { readonly reason: 'too_long'; readonly chars: number; readonly charsMax: number }
  | { readonly reason: 'bad_port'; readonly port: string }
  | { readonly reason: 'bad_ipv6' }
  | { readonly reason: 'bad_label'; readonly label: string }
  | { readonly reason: 'partial_label_variable'; readonly label: string }
  | { readonly reason: 'only_variables' }

/** Checks and canonicalises the host of an operation. */
export function parseHostPattern(
  host: string,
  limits: PathLimits = pathLimits,
): Result<string, HostError> {
  if (host.length > limits.hostCharsMax) {
    return err({ reason: 'too_long', chars: host.length, charsMax: limits.hostCharsMax })
  }
  const { name, port } = splitPort(host.trim())
  if (port !== null && !/^\d{1,5}$/.test(port)) return err({ reason: 'bad_port', port })
  if (name === '') return err({ reason: 'empty' })
  if (name.startsWith('[')) {
    const address = canonicalIpv6(name)
    return address === null ? err({ reason: 'bad_ipv6' }) : ok(address)
  }
  return parseLabels(withoutTrailingDot(name).split('.'))
}

/** The host a request is for, from its Host header; never fails, an odd host just matches nothing. */
export function hostWithoutPort(hostHeader: string): string {
  const { name } = splitPort(hostHeader)
  if (name.startsWith('[')) return canonicalIpv6(name) ?? name.toLowerCase()
  // `api.example.com.` reaches the same origin, so it must meet the same rules.
  return withoutTrailingDot(name).toLowerCase()
}

function splitPort(host: string): { readonly name: string; readonly port: string | null } {
  const colon = host.lastIndexOf(':')
  if (colon < 0 || colon < host.lastIndexOf(']')) return { name: host, port: null }
  return { name: host.slice(0, colon), port: host.slice(colon + 1) }
}

function canonicalIpv6(name: string): string | null {
  const url = `http://${name}/`
  return /^\[[\da-f:.]+\]$/i.test(name) && URL.canParse(url) ? new URL(url).hostname : null
}

function withoutTrailingDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

function parseLabels(labels: readonly string[]): Result<string, HostError> {
  let variables = 0
  const canonical: string[] = []
  for (const label of labels.toReversed()) {
    if (/^\{[^{}]+\}$/.test(label)) {
      variables += 1
      canonical.push(`{hostVar${variables}}`)
      continue
    }
    if (/[{}]/.test(label)) return err({ reason: 'partial_label_variable', label })
    const ascii = asciiLabel(label)
    if (ascii === null) return err({ reason: 'bad_label', label })
    canonical.push(ascii)
  }
  if (variables === labels.length) return err({ reason: 'only_variables' })
  return ok(canonical.toReversed().join('.'))
}

/** Letters, digits, hyphens (RFC 1123 §2.1) and `_`, which real host names carry. */
function asciiLabel(label: string): string | null {
  const ascii = /^[\x21-\x7e]+$/.test(label) ? label.toLowerCase() : punycode(label)
  return ascii !== null && /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(ascii) ? ascii : null
}

function punycode(label: string): string | null {
  const url = `http://${label}/`
  return label !== '' && URL.canParse(url) ? new URL(url).hostname : null
}
