/** The definition of "most specific" told again, slowly: filter every operation, sort what is left. */
type Operation = { readonly method: string; readonly host: string; readonly endpoint: string }

export function bruteForceMatch<T extends Operation>(
  operations: readonly T[],
  request: { readonly method: string; readonly host: string; readonly path: string },
): T | null {
  const candidates = operations.filter(
    (operation) =>
      operation.method === request.method &&
      labelsMatch(operation.host, request.host) &&
      pathMatches(operation.endpoint, request.path),
  )
  const ranked = candidates.toSorted(
    (a, b) =>
      compare(hostRank(a.host), hostRank(b.host)) ||
      compare(pathRank(a.endpoint), pathRank(b.endpoint)),
  )
  return ranked[0] ?? null
}

function labelsMatch(pattern: string, host: string): boolean {
  return new RegExp(`^${escape(pattern).replaceAll(/\\\{.*?\\\}/g, '[^.]+')}$`).test(host)
}

function pathMatches(endpoint: string, path: string): boolean {
  return new RegExp(
    `^${escape(endpoint).replaceAll(/\\\{.*?\\\}/g, '(?:%[0-9A-F]{2}|[^/%])+')}$`,
  ).test(path)
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** Exact hosts first, then label by label from the right, a literal before a variable. */
function hostRank(host: string): string[] {
  const labels = host.split('.').toReversed()
  return [
    host.includes('{') ? '1' : '0',
    ...labels.map((label) => (label.startsWith('{') ? '1' : '0')),
  ]
}

/** Segment by segment: static, mixed by literal characters, variable. */
function pathRank(endpoint: string): string[] {
  return endpoint.split('/').map((segment) => {
    const literals = segment.split(/\{.*?\}/)
    if (literals.length === 1) return '0'
    if (literals.join('') === '' && literals.length === 2) return '2'
    return `1${String(1000 - literals.join('').length).padStart(4, '0')}${literals.join('{}')}`
  })
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
