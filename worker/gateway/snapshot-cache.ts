/**
 * The configuration this isolate works with. It is read once before the first request and then refreshed beside the
 * requests, never in front of one. A new version that is missing, broken or does not compile is reported and the last good
 * one stays in force; without any good one nothing is let through.
 */
import type { RawSnapshot, SnapshotSource } from '../storage/ports.ts'
import { compileSnapshot, type Snapshot } from './snapshot.ts'

/** How old the isolate's knowledge may get while requests come in; KV itself may lag by about a minute. */
const CHECK_INTERVAL_MS = 5_000

export type SnapshotCache = {
  /** @throws when there is no snapshot yet and none can be loaded. */
  current(nowMs: number, later: (work: Promise<unknown>) => void): Snapshot | Promise<Snapshot>
  /** Looks for a newer one now. Never throws: a failure is reported, the last good one stays. */
  reload(nowMs: number): Promise<void>
}

type Ports = {
  readonly source: SnapshotSource
  readonly report: (cause: unknown, versionInForce: number) => void
}

export function createSnapshotCache({ source, report }: Ports): SnapshotCache {
  let good: Snapshot | null = null
  let checkedAtMs = 0

  /** Two loads may overlap; the one that ends last need not be the newer. */
  function adopt(raw: RawSnapshot): Snapshot {
    if (good === null || raw.version > good.version) good = compileSnapshot(raw, good)
    return good
  }

  async function load(nowMs: number): Promise<Snapshot> {
    const raw = await source.newest(null)
    if (raw === null) throw new Error('storage has no snapshot')
    checkedAtMs = nowMs
    return adopt(raw)
  }

  async function reload(nowMs: number): Promise<void> {
    checkedAtMs = nowMs
    try {
      const raw = await source.newest(good?.version ?? null)
      if (raw !== null) adopt(raw)
    } catch (cause) {
      report(cause, good?.version ?? 0)
    }
  }

  return {
    current(nowMs, later) {
      if (good === null) return load(nowMs)
      if (nowMs - checkedAtMs >= CHECK_INTERVAL_MS) later(reload(nowMs))
      return good
    },
    reload,
  }
}
