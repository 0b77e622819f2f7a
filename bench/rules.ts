/**
 * What a request costs under a thousand rules: all of them asked in turn, and only those that the index of the data plane
 * finds for it. The rules are of the kinds that zones have: most speak of one host and path, some of all requests.
 */
import type { CompiledExpression } from '#engines/expressions'
import { compileLists, compilePlan, walk } from '#engines/rulesets'
import { compileForBench } from './evaluation.ts'
import { createRandom, measure, quantile, rounded } from './harness.ts'
import type { PlainRequest } from './requests.ts'
import { createCursor } from './sources.ts'

type Row = { readonly [name: string]: unknown }

const RULES = 1000
const ROUNDS_PER_REQUEST = 9

export async function* benchRules(requests: readonly PlainRequest[]): AsyncGenerator<Row> {
  const expressions = createRules()
  const compiled = expressions.map((source) => compileForBench(source))
  const measured = measure([
    { name: 'all asked', run: (times) => askAll(compiled, requests, times) },
  ])
  const allUs = (measured.get('all asked')?.nsMedian ?? Number.NaN) / 1000
  yield { bench: `${RULES} rules, all asked`, us_per_request: rounded(allUs) }
  const us = await walkEach(expressions, requests)
  const median = quantile(us, 0.5)
  yield {
    bench: `${RULES} rules, the walk of the data plane`,
    us_median: rounded(median),
    us_p95: rounded(quantile(us, 0.95)),
    ratio: rounded(median / allUs),
  }
}

/** No rule holds for a request of requests.ts, so that every one is asked. */
function createRules(): readonly string[] {
  const random = createRandom(3)
  const word = () => Math.floor(random() * 36 ** 5).toString(36)
  const kinds: readonly (() => string)[] = [
    () =>
      `http.host eq "${word()}.example.net" and starts_with(http.request.uri.path, "/${word()}/")`,
    () => `http.host eq "api.example.com" and http.request.uri.path eq "/${word()}/never"`,
    () =>
      `http.request.method eq "POST" and starts_with(http.request.uri.path, "/api/never/${word()}/")`,
    () =>
      `http.request.uri.path in {"/${word()}/x" "/${word()}/y"} and not cf.tls_client_auth.cert_verified`,
    () =>
      `http.host in {"${word()}.example.net" "${word()}.example.net"} and cf.threat_score gt 20`,
  ]
  const general: readonly (() => string)[] = [
    () => `http.user_agent contains "${word()}${word()}"`,
    () =>
      `ip.src in {203.0.113.${Math.floor(random() * 255)} 198.51.100.0/24} and cf.threat_score gt 60`,
  ]
  // Three in a hundred speak of all requests.
  return Array.from({ length: RULES }, (_, at) => {
    const from = at % 33 === 0 ? general : kinds
    return (from[at % from.length] ?? word)()
  })
}

function askAll(
  compiled: readonly CompiledExpression[],
  requests: readonly PlainRequest[],
  times: number,
): number {
  const { source, select } = createCursor()
  let held = 0
  for (let at = 0; at < times; at++) {
    const request = requests[at % requests.length]
    if (request === undefined) continue
    select(request)
    for (const rule of compiled) if (rule.evaluate(source)) held += 1
  }
  return held
}

/** Microseconds of each request: the median over rounds, by the wall clock, which alone is fine enough for one. */
async function walkEach(
  expressions: readonly string[],
  requests: readonly PlainRequest[],
): Promise<readonly number[]> {
  const plan = compilePlan<null>({
    rulesets: [
      {
        id: 'bench',
        kind: 'zone',
        phase: 'http_request_firewall_custom',
        rules: expressions.map(ruleOf),
      },
    ],
    tokens: [],
    graphql: { unparsed: 'none', isRegisteredOnly: false },
    schema: { logged: new Set(), blocked: new Set() },
    sequences: [],
    lists: compileLists([]),
    needs: () => null,
  })
  const { source, select } = createCursor()
  const us = requests.map(() => new Array<number>())
  for (let round = 0; round < ROUNDS_PER_REQUEST; round++) {
    for (const [at, request] of requests.entries()) {
      select(request)
      const start = process.hrtime.bigint()
      await walk({ plan, request, operationId: undefined, source, prepare: () => null })
      us[at]?.push(Number(process.hrtime.bigint() - start) / 1000)
    }
  }
  return us.map((rounds) => quantile(rounds, 0.5))
}

function ruleOf(expression: string, index: number) {
  return { id: `rule-${index}`, description: '', enabled: true, expression, action: 'log' }
}
