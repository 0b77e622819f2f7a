/** IP addresses as text. */

/** Dotted decimal without leading zeros (RFC 2673 §3.2). */
export function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)
}

/** RFC 4291 §2.2: eight groups, one run of zeros cut, the last two perhaps as IPv4. */
export function isIpv6(text: string): boolean {
  if (!/^[\da-f:.]{2,45}$/i.test(text)) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.map(groupsOf)
  const counts = groups.map((each) => each ?? Number.NaN)
  const count = counts.reduce((sum, each) => sum + each, 0)
  // Only the end may be an IPv4 address.
  if (halves.length === 2 && (halves[0] ?? '').includes('.')) return false
  return halves.length === 2 ? count <= 7 : count === 8
}

/** How many groups of 16 bits a run stands for; null when it is none. */
function groupsOf(run: string): number | null {
  if (run === '') return 0
  const pieces = run.split(':')
  const last = pieces.at(-1) ?? ''
  const groups = last.includes('.') ? pieces.slice(0, -1) : pieces
  if (last.includes('.') && !isIpv4(last)) return null
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null
  return groups.length + (last.includes('.') ? 2 : 0)
}
