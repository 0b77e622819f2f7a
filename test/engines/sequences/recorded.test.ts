/**
 * Rules mined from recorded sessions, over these sessions: the automaton says what the literal meaning says. A small
 * excerpt lies with the vectors; all sessions are beside the repository, and skipped where they are absent.
 */
import {
  advance,
  compileSequence,
  type SequenceContent,
  type SequenceStep,
  type SequenceState,
} from '#engines/sequences'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasTestdata, readRows } from '../openapi/testdata.ts'
import { breaksRule, type PlainEvent, type PlainRule } from './brute-force.ts'
import { idOf, TRANSFER_RULE } from './support.ts'

type Recorded = {
  readonly host: string
  readonly requests: readonly {
    readonly dt?: number
    readonly method: string
    readonly path: string
    readonly template?: string | null
  }[]
}

/** A request as the gateway sees it: the operation, and what its path variables stand for. */
type Seen = PlainEvent & { readonly text: string; readonly variables: number }

const REQUESTS_MAX = 40
const RULES_A_SESSION = 4

const WEB_SITE = 'sequences/weblog-sessions.jsonl.gz'
const APIS = 'sequences/recorded-api-sessions.jsonl.gz'

test('rules mined from a few sessions of a web site', () => {
  const name = new URL('../../vectors/sequences/weblog-sessions.jsonl', import.meta.url).pathname
  const lines = readFileSync(name, 'utf8').trim().split('\n')
  const { compared, violations } = compareAll(lines.map((line) => JSON.parse(line) as Recorded))
  expect(compared).toBeGreaterThan(900)
  expect(violations).toBeGreaterThan(50)
})

test.skipIf(!hasTestdata(WEB_SITE))('rules mined from sessions of a web site', () => {
  const { compared, violations } = compareAll(readBeside(WEB_SITE))
  expect(compared).toBeGreaterThan(5_000)
  expect(violations).toBeGreaterThan(500)
})

test.skipIf(!hasTestdata(APIS))('rules mined from sessions of APIs', () => {
  const { compared, violations } = compareAll(readBeside(APIS))
  expect(compared).toBeGreaterThan(30_000)
  expect(violations).toBeGreaterThan(3_000)
})

/** Every request of every session under a few rules of its own: how many verdicts there were, all of them the same. */
function compareAll(sessions: readonly Recorded[]) {
  const random = createRandom()
  let compared = 0
  let violations = 0
  for (const session of sessions) {
    const events = session.requests.slice(0, REQUESTS_MAX).map((_, index) => seen(session, index))
    for (let rule = 0; rule < RULES_A_SESSION; rule += 1) {
      const { plain, content } = mine(events, random)
      const { wanted, found } = judgeBoth(plain, content, events)
      expect({ content, found }).toEqual({ content, found: wanted })
      compared += wanted.length
      violations += wanted.filter((each) => each).length
    }
  }
  return { compared, violations }
}

function judgeBoth(plain: PlainRule, content: SequenceContent, events: readonly Seen[]) {
  const { pattern, moves, breaks } = compileSequence('mined', content)
  const accepted: Seen[] = []
  let state: SequenceState | undefined
  const wanted: boolean[] = []
  const found: boolean[] = []
  for (const event of events) {
    const input = {
      pattern,
      moves: moves(event.operation).map(({ step, bindings }) => ({
        step,
        values: Object.fromEntries(
          bindings.map(({ name, source }) => [name, event.attributes[source] ?? '']),
        ),
      })),
      breaks: breaks(event.operation),
    }
    const at = { nowMs: event.atMs, number: accepted.length + 1 }
    const next = advance(state, input, at)
    found.push(next.violation !== null)
    wanted.push(breaksRule(plain, accepted, event))
    if (next.violation !== null) continue
    state = next.state
    accepted.push(event)
  }
  return { wanted, found }
}

/** A rule over operations of the session in the order in which they came, with links that chance decides. */
function mine(events: readonly Seen[], random: (below: number) => number) {
  const count = 2 + random(events.length > 20 ? 2 : 3)
  const places = Array.from({ length: count }, () => random(events.length)).sort((a, b) => a - b)
  const stepEvents = places.flatMap((place) => events[place] ?? [])
  const isBound = random(2) === 0 && stepEvents.every(({ variables }) => variables > 0)
  const kind = random(2) === 0 ? ('require' as const) : ('forbid' as const)
  const atMost = random(3) === 0 ? 1 + random(2) : null
  const steps = stepEvents.map((event, position) => {
    const without = position > 0 && random(4) === 0 ? events[random(events.length)] : undefined
    return {
      event,
      seconds: position > 0 && random(3) === 0 ? 1 + random(30) : null,
      immediately: position > 0 && without === undefined && random(5) === 0,
      without: without === undefined ? [] : [without],
    }
  })
  const plain: PlainRule = {
    kind,
    atMost,
    steps: steps.map(({ event, seconds, immediately, without }) => ({
      operations: [event.operation],
      binds: isBound ? { v1: 'cf.portcullis.path_variables["var1"]' } : {},
      withinMs: seconds === null ? null : seconds * 1_000,
      immediately,
      without: without.map(({ operation }) => operation),
    })),
  }
  const content: SequenceContent = {
    ...TRANSFER_RULE,
    kind,
    steps: steps.map(({ event, seconds, immediately, without }, position): SequenceStep => {
      const link = position === 0 ? {} : { immediately, without: without.map(({ text }) => text) }
      const time = seconds === null ? {} : { within: seconds }
      const uses = atMost === null || position < steps.length - 1 ? {} : { at_most: atMost }
      const operations = [withOwnNames(event.text, { position, isBound })]
      return Object.assign({ operations }, link, time, uses)
    }),
  }
  return { plain, content }
}

/** Names that no other step has bind nothing; of a rule that is bound, the first variable keeps its name. */
function withOwnNames(
  text: string,
  { position, isBound }: { readonly position: number; readonly isBound: boolean },
): string {
  return text.replaceAll(/\{v(\d+)\}/g, (name, number) =>
    isBound && number === '1' ? name : `{step${position}_${number}}`,
  )
}

/** With variables where the recording knows them, or else where a segment has a digit. */
function seen({ host, requests }: Recorded, index: number): Seen {
  const request = requests[index]
  if (request === undefined) throw new Error(`no request ${index}`)
  const { method, dt = index } = request
  const path = request.path.replace(/[?#].*$/, '')
  const template = request.template ?? path.replaceAll(/(?<=\/)[^/]*\d[^/]*/g, '{id}')
  const values: string[] = []
  const named = template.split('/').map((segment, at) => {
    if (!segment.includes('{')) return segment
    values.push(path.split('/')[at] ?? '')
    return `{v${values.length}}`
  })
  const text = `${method} ${host}${named.join('/')}`
  return {
    operation: idOf(text),
    text,
    atMs: dt * 1_000,
    attributes: Object.fromEntries(
      values.map((value, at) => [`cf.portcullis.path_variables["var${at + 1}"]`, value]),
    ),
    variables: values.length,
  }
}

/** Numerical Recipes' generator: the same rules each time. */
function createRandom(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function readBeside(file: string): readonly Recorded[] {
  return readRows(file) as readonly Recorded[]
}
