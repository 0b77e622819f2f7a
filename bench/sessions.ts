/**
 * What rules about sessions cost: shields that are configured differently take turns in one workerd, behind its direct socket and
 * before an API that costs next to nothing. Ratios and differences are to the shield without such rules in the same round. Whoever
 * asks shares the machine with the shield, so requests a second say less than CPU. The row of that shield against itself says how
 * much noise there was.
 */
import { randomBytes } from 'node:crypto'
import { canary, createRandom, measure, quantile, rounded } from './harness.ts'
import { ask, load } from './load.ts'
import { ENGINES, PARSE } from './session-engines.ts'
import { configure, REFERENCE, requestOf, type SessionShield, SHIELDS } from './session-shields.ts'
import { type BenchProcess, startBenchProcess } from './worker-process.ts'

type Row = { readonly [name: string]: unknown }

export async function* benchSessions(): AsyncGenerator<Row> {
  yield* benchEngines()
  const apiToken = randomBytes(16).toString('hex')
  const sealingSecret = randomBytes(32).toString('hex')
  const shields = await startBenchProcess([
    {
      name: 'shields',
      configFile: 'sessions.toml',
      variables: { API_TOKEN: apiToken, SEALING_SECRET: sealingSecret },
      services: { ORIGIN: 'origin' },
    },
    { name: 'origin', configFile: 'origin.toml' },
  ])
  try {
    for (const shield of SHIELDS) await configure(shields, shield, apiToken)
    yield* rowsOf(await takeTurns(shields))
  } finally {
    await shields.stop()
  }
}

function* benchEngines(): Generator<Row> {
  const measured = measure([canary, PARSE, ...ENGINES])
  const reference = measured.get(PARSE.name)?.nsMedian ?? Number.NaN
  for (const [name, { nsMedian }] of measured) {
    yield {
      bench: 'engines of sessions in Node',
      case: name,
      ns: rounded(nsMedian),
      ratio: rounded(nsMedian / reference),
    }
  }
}

type Sample = {
  readonly requests: number
  readonly refused: number
  /** Of Session objects. */
  readonly calls: number
  readonly cpuNs: number
  readonly wallMs: number
  readonly latenciesMs: readonly number[]
}

type Turn = { readonly own: Sample; readonly reference: Sample }

type Turns = ReadonlyMap<SessionShield, readonly Turn[]>

const ROUNDS = 13
/** Most is compiled after one, and no session is new any more. */
const ROUNDS_OF_WARM_UP = 1
/** A turn goes to and fro between a shield and the reference, so that a machine that is busy for a while slows down both. */
const CHANGES = 5
const REQUESTS = 500

async function takeTurns(shields: BenchProcess): Promise<Turns> {
  const turns = new Map(SHIELDS.map((shield) => [shield, new Array<Turn>()]))
  const random = createRandom(1)
  for (let round = -ROUNDS_OF_WARM_UP; round < ROUNDS; round++) {
    const order = SHIELDS.map((shield) => ({ shield, place: random() }))
    for (const { shield } of order.toSorted((a, b) => a.place - b.place)) {
      const turn = await takeTurn(shields, shield, (round + ROUNDS_OF_WARM_UP) * CHANGES)
      if (round >= 0) turns.get(shield)?.push(turn)
    }
  }
  return turns
}

async function takeTurn(
  shields: BenchProcess,
  shield: SessionShield,
  changesBefore: number,
): Promise<Turn> {
  await ask(shields, { url: 'http://bench.example/bench/keep-awake' })
  const own: Sample[] = []
  const reference: Sample[] = []
  for (let change = changesBefore; change < changesBefore + CHANGES; change++) {
    own.push(await sample(shields, shield, change * REQUESTS))
    reference.push(await sample(shields, REFERENCE, change * REQUESTS))
  }
  return { own: joined(own), reference: joined(reference) }
}

/** Security events wait so long for company, and whoever caused them is to pay for them. */
const EVENTS_WAIT_MS = 350

async function sample(
  shields: BenchProcess,
  shield: SessionShield,
  first: number,
): Promise<Sample> {
  const before = await shields.cpuNs()
  const { wallMs, latenciesMs, statuses } = await load(shields, REQUESTS, (number) =>
    requestOf(shield, first + number),
  )
  const refused = statuses.get(429) ?? 0
  if (refused > 0) await new Promise((go) => setTimeout(go, EVENTS_WAIT_MS))
  const { text } = await ask(shields, { url: 'http://bench.example/bench/end-sample' })
  const after = await shields.cpuNs()
  if (refused + (statuses.get(200) ?? 0) !== REQUESTS) {
    throw new Error(`${shield.name} answered ${JSON.stringify([...statuses])}`)
  }
  return {
    requests: REQUESTS,
    refused,
    calls: Number(text),
    cpuNs: after - before,
    wallMs,
    latenciesMs,
  }
}

function joined(samples: readonly Sample[]): Sample {
  const sum = (figure: (sample: Sample) => number) =>
    samples.reduce((total, each) => total + figure(each), 0)
  return {
    requests: sum(({ requests }) => requests),
    refused: sum(({ refused }) => refused),
    calls: sum(({ calls }) => calls),
    cpuNs: sum((each) => each.cpuNs),
    wallMs: sum(({ wallMs }) => wallMs),
    latenciesMs: samples.flatMap(({ latenciesMs }) => latenciesMs),
  }
}

function* rowsOf(turns: Turns): Generator<Row> {
  for (const [{ name }, taken] of turns) {
    const median = (figure: (turn: Turn) => number) => rounded(quantile(taken.map(figure), 0.5))
    yield {
      bench: 'sessions in workerd',
      shield: name,
      session_calls_per_request: median(({ own: { calls, requests } }) => calls / requests),
      refused_share: median(({ own: { refused, requests } }) => refused / requests),
      cpu_us: median((turn) => cpuUs(turn.own)),
      cpu_ratio: median((turn) => cpuUs(turn.own) / cpuUs(turn.reference)),
      requests_per_second: median((turn) => rate(turn.own)),
      rps_ratio: median((turn) => rate(turn.own) / rate(turn.reference)),
      p50_ms: median((turn) => quantile(turn.own.latenciesMs, 0.5)),
      p99_ms: median((turn) => p99(turn.own)),
      p99_added_ms: median((turn) => p99(turn.own) - p99(turn.reference)),
    }
  }
}

const cpuUs = ({ cpuNs, requests }: Sample): number => cpuNs / requests / 1_000

const rate = ({ wallMs, requests }: Sample): number => (requests / wallMs) * 1_000

const p99 = ({ latenciesMs }: Sample): number => quantile(latenciesMs, 0.99)
