/**
 * Finds the rules of a list that can apply to a request without asking each of them. A rule stands in a bucket: by a host that
 * its expression demands and by the first two segments of a path that it demands, by one where it is sure of one only, or
 * "any" for what it does not demand. A request looks into at most six buckets and asks their rules in the order of the list.
 *
 * Sound, not complete: a rule that is left out cannot hold (engines/expressions proves its conditions); one that is found
 * still has to be asked.
 */
import type { CompiledExpression } from '#engines/expressions'
import type { IndexedRequest, Rule } from './rule.ts'

type Entry<Needs> = {
  readonly position: number
  readonly rule: Rule<Needs>
  /** `null` is any. */
  readonly methods: ReadonlySet<string> | null
}

type Bucket<Needs> = readonly Entry<Needs>[]

const ANY = '*'

/** Fewer rules than this are asked one by one: the look-up would cost more. */
const INDEXED_RULES_MIN = 8

export function indexRules<Needs>(
  rules: readonly Rule<Needs>[],
): (request: IndexedRequest) => readonly Rule<Needs>[] {
  if (rules.length < INDEXED_RULES_MIN) return () => rules
  const buckets = new Map<string, Entry<Needs>[]>()
  for (const [position, rule] of rules.entries()) {
    const { conditions } = rule.expression
    const methods = conditions.methods === undefined ? null : new Set(conditions.methods)
    for (const name of keysOf(conditions)) {
      const entry = { position, rule, methods }
      const bucket = buckets.get(name)
      if (bucket === undefined) buckets.set(name, [entry])
      else bucket.push(entry)
    }
  }
  return (request) => candidates(buckets, request)
}

/** A rule that demands one of several hosts or paths stands in a bucket for each. */
function keysOf({
  hosts,
  paths,
  pathPrefixes,
}: CompiledExpression['conditions']): ReadonlySet<string> {
  const starts = [
    ...(paths ?? []).map((path) => startsOf(path)[0] ?? ANY),
    ...(pathPrefixes ?? []).map((prefix) => startsOf(wholeSegmentsOf(prefix))[0] ?? ANY),
  ]
  const demanded = starts.length === 0 || starts.includes(ANY) ? [ANY] : starts
  return new Set((hosts ?? [ANY]).flatMap((host) => demanded.map((start) => key(host, start))))
}

function candidates<Needs>(
  buckets: ReadonlyMap<string, Bucket<Needs>>,
  { host, method, path }: IndexedRequest,
): readonly Rule<Needs>[] {
  const found: Bucket<Needs>[] = []
  for (const start of [...startsOf(path), ANY]) {
    const ofHost = buckets.get(key(host, start))
    const ofAny = buckets.get(key(ANY, start))
    if (ofHost !== undefined) found.push(ofHost)
    if (ofAny !== undefined) found.push(ofAny)
  }
  const entries = found.flat().filter(({ methods }) => methods === null || methods.has(method))
  if (found.length < 2) return entries.map(({ rule }) => rule)
  entries.sort((a, b) => a.position - b.position)
  // A rule that demands one of several paths may stand in two of the buckets.
  return entries
    .filter(({ position }, n) => n === 0 || entries[n - 1]?.position !== position)
    .map(({ rule }) => rule)
}

function key(host: string, start: string): string {
  return `${host}\n${start}`
}

/** The beginnings of a path that buckets are named by, the longer first: `/users/7` and `/users` of `/users/7/orders`. */
function startsOf(path: string): readonly string[] {
  if (path === '') return []
  const first = path.indexOf('/', 1)
  if (first === -1) return [path]
  const second = path.indexOf('/', first + 1)
  return [second === -1 ? path : path.slice(0, second), path.slice(0, first)]
}

/** A path with this prefix may go on inside of its last segment, so that one is not sure. */
function wholeSegmentsOf(prefix: string): string {
  return prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))
}
