/** Rules and sessions as tests write them. */
import {
  advance,
  compileSequence,
  parseOperationName,
  type SequenceContent,
  type SequenceState,
  type Violation,
} from '#engines/sequences'

export const BALANCE = 'GET api.example.com/accounts/{account}/balance'
export const TRANSFER = 'POST api.example.com/transfers'
export const LOGOUT = 'POST api.example.com/logout'
export const NEWS = 'GET api.example.com/news'

/** Who looks at the balance of an account may make one transfer from it. */
export const TRANSFER_RULE: SequenceContent = {
  ref: 'balance-before-transfer',
  description: 'Money moves only from an account whose balance was seen.',
  enabled: true,
  action: 'block',
  kind: 'require',
  without_session: 'block',
  counts: 'requested',
  steps: [
    { operations: [BALANCE] },
    {
      operations: [TRANSFER],
      within: 300,
      at_most: 1,
      without: [LOGOUT],
      bind: { account: 'lookup_json_string(http.request.body.raw, "from")' },
    },
  ],
}

export type Asked = {
  readonly operation: string
  /** Milliseconds since the session began. */
  readonly atMs?: number
  readonly values?: { readonly [name: string]: string }
}

/** One session under one rule: each request in its turn, refused or let through. */
export function createSession(content: SequenceContent) {
  const { pattern, moves, breaks } = compileSequence('rule', content)
  let state: SequenceState | undefined
  let number = 0
  return (asked: Asked): Violation | null => {
    const { operation, atMs = 0, values = {} } = asked
    const id = idOf(operation)
    const input = {
      pattern,
      moves: moves(id).map(({ step, bindings }) => ({
        step,
        values: Object.fromEntries(bindings.map(({ name }) => [name, values[name] ?? ''])),
      })),
      breaks: breaks(id),
    }
    const next = advance(state, input, { nowMs: 1_700_000_000_000 + atMs, number: number + 1 })
    if (next.violation === null) {
      state = next.state
      number += 1
    }
    return next.violation
  }
}

/** What becomes of each: `null` is let through. */
export function verdicts(
  content: SequenceContent,
  requests: readonly Asked[],
): readonly (Violation | null)[] {
  const request = createSession(content)
  return requests.map((asked) => request(asked))
}

export function idOf(operation: string): string {
  const parsed = parseOperationName(operation)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value.operationId
}
