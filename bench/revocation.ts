/**
 * What revocation lists of uploaded authorities cost: to decode when the first client comes after a change, and at every
 * request, for a certificate under one intermediate with a list of each issuer. Numbers of 16 octets, none of them hit.
 */
import { crlLimits, openSerials } from '#engines/certificates'
import type { PublishedZone } from '../worker/storage/collections.ts'
import { EMPTY_ZONE } from '../worker/gateway/empty-snapshot.ts'
import { createRevocation, type VerifiedPathNames } from '../worker/gateway/revocation.ts'
import { canary, cpuNs, createRandom, measure, quantile, rounded } from './harness.ts'

type Row = { readonly [name: string]: unknown }

const SERIAL_OCTETS = 16
const ISSUERS = ['leaf-issuer', 'root']
const NOW_MS = 1_800_000_000_000

export async function* benchRevocation(): AsyncGenerator<Row> {
  const baseline = askCase('no list', [])
  const cases = [0, 1_000, 100_000, 500_000].map((serials) =>
    askCase(`${serials} serial numbers`, packed(serials)),
  )
  const measured = measure([canary, baseline, ...cases])
  const reference = measured.get(baseline.name)?.nsMedian ?? Number.NaN
  for (const [name, { nsMedian }] of measured) {
    yield { bench: 'ask', case: name, ns: rounded(nsMedian), ratio: rounded(nsMedian / reference) }
  }
  for (const serials of [100_000, 500_000]) {
    const parts = packed(serials)
    const ms = Array.from({ length: 9 }, () => cpuNs(() => sizeOf(parts)) / 1e6)
    yield { bench: 'decode', serials, ms: rounded(quantile(ms, 0.5)) }
  }
}

function askCase(name: string, parts: readonly string[]) {
  const revocation = createRevocation(zoneWith(parts), null)
  const random = createRandom(3)
  const paths = Array.from({ length: 4_096 }, () => pathOf(random))
  for (const path of paths) if (!revocation.isOpen(path)) revocation.open(path, { openSerials })
  const run = (times: number): number => {
    let good = 0
    for (let turn = 0; turn < times; turn++) {
      const path = paths[turn % paths.length]
      if (path !== undefined && revocation.ask(path, NOW_MS).status === 'good') good++
    }
    return good
  }
  return { name, run }
}

function pathOf(random: () => number): VerifiedPathNames {
  const links = ISSUERS.map((issuerSpkiSha256) => ({ issuerSpkiSha256, serial: serialOf(random) }))
  return { authorityId: 'uploaded', serialNumber: '170141183460469231731687303715884105727', links }
}

/** Positive, as most authorities make them: random octets, of which some begin alike. */
function serialOf(random: () => number): Uint8Array {
  return Uint8Array.from({ length: SERIAL_OCTETS }, (_, index) =>
    index === 0 ? 0x41 : Math.floor(random() * 256),
  )
}

/** The parts of a list of so many serial numbers, in the form of engines/certificates/crl/serials.ts. */
function packed(serials: number): readonly string[] {
  const random = createRandom(7)
  const sorted = Array.from({ length: serials }, () =>
    Buffer.from(serialOf(random)).toString('hex'),
  ).toSorted((left, right) => (left < right ? -1 : 1))
  const perPart = Math.floor((crlLimits.partCharactersMax * 3) / 4 / SERIAL_OCTETS) - 1
  const parts: string[] = []
  for (let at = 0; at < serials; at += perPart) {
    const numbers = sorted.slice(at, at + perPart)
    const head = Buffer.from([SERIAL_OCTETS, 0, 0, 0, 0])
    head.writeUInt32BE(numbers.length, 1)
    parts.push(Buffer.concat([head, Buffer.from(numbers.join(''), 'hex')]).toString('base64'))
  }
  return parts
}

function zoneWith(parts: readonly string[]): PublishedZone {
  const lists = parts.length === 0 ? [] : ISSUERS
  return {
    ...EMPTY_ZONE,
    mtls_certificate: [
      {
        id: 'uploaded',
        certificates: '',
        allow_sha1: false,
        revocation: { crl_urls: [], on_stale: 'refuse' },
      },
    ],
    revocation_list: lists.map((issuer) => ({
      id: issuer,
      mtls_certificate_id: 'uploaded',
      issuer_spki_sha256: issuer,
      next_update: '2100-01-01T00:00:00Z',
    })),
    revocation_list_part: lists.flatMap((revocation_list_id) =>
      parts.map((serials, number) => ({ revocation_list_id, number, serials })),
    ),
  }
}

function sizeOf(parts: readonly string[]): number {
  const opened = openSerials(parts)
  if (!opened.ok) throw new Error('a part of the bench is not well formed')
  return opened.value.entries
}
