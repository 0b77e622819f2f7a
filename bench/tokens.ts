/**
 * What it costs to check a token, against the signature check alone and against `jose.jwtVerify`, measured in workerd: Node hands
 * signatures to other threads, which hides what they cost. `ratio` is to the reference of the same run.
 */
import { canary, measure, quantile, rounded } from './harness.ts'
import { type BenchWorker, startBenchWorker } from './worker-process.ts'

type Row = { readonly [name: string]: unknown }

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
const CHECKS = ['subtle', 'uncached', 'cached', 'jose', 'nothing']

export async function* benchTokens(): AsyncGenerator<Row> {
  yield { bench: 'canary', ns: rounded(measure([canary]).get('canary')?.nsMedian ?? Number.NaN) }
  const worker = await startBenchWorker('tokens.toml')
  try {
    for (const algorithm of ALGORITHMS) yield await benchAlgorithm(worker, algorithm)
  } finally {
    await worker.stop()
  }
}

async function benchAlgorithm(worker: BenchWorker, algorithm: string): Promise<Row> {
  const measured = await worker.measure(CHECKS.map((check) => `${algorithm} ${check}`))
  const roundsOf = (check: string) => measured.get(`${algorithm} ${check}`) ?? []
  const nsOf = (check: string) => quantile(roundsOf(check), 0.5)
  const ratio = (check: string, to: string) => {
    const others = roundsOf(to)
    return quantile(
      roundsOf(check).map((ns, round) => ns / (others[round] ?? Number.NaN)),
      0.5,
    )
  }
  const cached = nsOf('cached') - nsOf('nothing')
  return {
    bench: 'tokens in workerd',
    algorithm,
    subtle_verify_ns: rounded(nsOf('subtle')),
    uncached_ns: rounded(nsOf('uncached')),
    uncached_ratio: rounded(ratio('uncached', 'subtle')),
    jose_ns: rounded(nsOf('jose')),
    jose_ratio: rounded(ratio('jose', 'subtle')),
    cached_ns: rounded(cached),
    cached_times_faster_than_jose: rounded((nsOf('jose') - nsOf('nothing')) / cached),
  }
}
