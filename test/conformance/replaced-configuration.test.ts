/** A configuration that was replaced is let go of, however often that happens: an isolate lives long and has 128 MB. */
import { setFlagsFromString } from 'node:v8'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { EMPTY_ZONE } from '../../worker/gateway/empty-snapshot.ts'
import { compileSnapshot, type Snapshot } from '../../worker/gateway/snapshot.ts'
import type { PublishedZone } from '../../worker/storage/collections.ts'

const CHANGES = 20

type Change = { readonly changed: string; readonly zone: (turn: number) => Partial<PublishedZone> }

const changes: readonly Change[] = [
  { changed: 'rules', zone: (turn) => ({ ruleset: [rulesetOf(turn)] }) },
  {
    changed: 'revoked certificates',
    zone: (turn) => ({
      client_certificate: [{ certificate_authority_id: 'ca', serial_number: String(turn) }],
    }),
  },
  {
    changed: 'revocation lists',
    zone: (turn) => ({
      revocation_list_part: [{ revocation_list_id: 'list', number: turn, serials: '' }],
    }),
  },
  {
    changed: 'revoked tokens',
    zone: (turn) => ({ token_revocation: [{ configuration_id: 'mobile', jti: String(turn) }] }),
  },
]

test.each(changes)('after a change of $changed', async ({ zone }) => {
  const replaced: WeakRef<PublishedZone>[] = []
  let snapshot: Snapshot | null = null
  for (let turn = 1; turn <= CHANGES; turn++) {
    const parts: PublishedZone = { ...EMPTY_ZONE, ...zone(turn) }
    replaced.push(new WeakRef(parts))
    snapshot = compileSnapshot({ version: turn, parts }, snapshot)
    // A weak reference holds until the end of the turn in which it was made.
    await nextTurn()
  }
  collectGarbage()
  const alive = replaced.filter((zoneRef) => zoneRef.deref() !== undefined)
  expect(snapshot?.version).toBe(CHANGES)
  // The one in force, and a few that a collector may still have a use for. All of them, if each keeps the one before it.
  expect(alive.length).toBeLessThan(CHANGES / 2)
})

function rulesetOf(turn: number): PublishedZone['ruleset'][number] {
  return {
    id: 'custom',
    name: 'custom',
    description: '',
    kind: 'zone',
    phase: 'http_request_firewall_custom',
    version: String(turn),
    last_updated: '2026-01-01T00:00:00Z',
    rules: [
      {
        id: 'rule',
        ref: 'rule',
        version: '1',
        description: '',
        enabled: true,
        action: 'log',
        expression: `http.host eq "${turn}.example.com"`,
        last_updated: '2026-01-01T00:00:00Z',
      },
    ],
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}
