/** Hostnames as an operator writes them → as requests are compared with them: lower case, without port, each once. */
import { describeHostError, parseHostPattern } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { Problem, Problems } from './envelope.ts'

/** `pointer` is where in the body the list stands. */
export function readHostnames(
  hostnames: readonly string[],
  pointer: string,
): Result<readonly string[], Problems> {
  const problems: Problem[] = []
  const read = new Set<string>()
  for (const [index, hostname] of hostnames.entries()) {
    const parsed = parseHostPattern(hostname)
    const at = `${pointer}/${index}`
    if (/[{*]/.test(hostname)) {
      const message = 'Patterns are not supported here; write each hostname out.'
      problems.push({ error: 'invalid_hostname', message, pointer: at })
    } else if (!parsed.ok) {
      const message = describeHostError(parsed.error)
      problems.push({ error: 'invalid_hostname', message, pointer: at })
    } else {
      read.add(parsed.value)
    }
  }
  return problems.length > 0 ? err(problems) : ok([...read])
}
