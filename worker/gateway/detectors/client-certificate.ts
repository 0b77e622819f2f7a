/**
 * Judges the client's certificate: verified means that it chains to an authority which the hostname is associated with, is
 * valid now, is meant for clients and was not revoked. The TLS handshake proved that the client holds the key; whatever the
 * edge itself thinks of the certificate is not asked. Certificate and fingerprint come from `request.cf` alone.
 */
import type { Verdict } from '#engines/certificates'
import { parseRfc9440, parseRfc9440Chain } from '#engines/client-certificate'
import { fieldIndex, type Value } from '#engines/expressions'
import { memberOf, textOf } from '#engines/request-fields'
import type { Finding } from '../../storage/events.ts'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'
import { remember } from '../trust-store.ts'
import type { Detection, Detector } from './detector.ts'

export const CERT_VERIFIED = 'cf.tls_client_auth.cert_verified'
const CERT_REVOKED = 'cf.tls_client_auth.cert_revoked'

export const clientCertificate: Detector = {
  name: 'client-certificate',
  fills: [CERT_VERIFIED, CERT_REVOKED],
  async run(exchange, ports) {
    const presented = presentedCertificate(exchange)
    if (presented === null)
      return judged({ verified: false, revoked: false, reason: 'not_presented' })
    const { trust } = exchange.snapshot
    if (!trust.covers(exchange.hostname)) {
      return judged({ verified: false, revoked: false, reason: 'hostname_has_no_authority' })
    }
    const verdict = await verdictOn(presented, exchange, ports)
    if (!verdict.verified) {
      return judged({ verified: false, revoked: false, reason: verdict.failure.reason })
    }
    if (!trust.trusts(exchange.hostname, verdict.authorityId)) {
      return judged({ verified: false, revoked: false, reason: 'authority_of_another_hostname' })
    }
    if (trust.isRevoked(verdict.authorityId, verdict.serialNumber)) {
      return judged({ verified: false, revoked: true, reason: 'revoked' })
    }
    return judged({ verified: true, revoked: false, reason: 'verified' })
  },
}

type Presented = {
  /** SHA-256 in lower-case hex. */
  readonly fingerprint: string
  readonly leaf: string
  readonly chain: string
}

/** `null` when the client sent none. */
function presentedCertificate({ cf }: Exchange): Presented | null {
  const auth = cf['tlsClientAuth']
  if (memberOf(auth, 'certPresented') !== '1') return null
  return {
    fingerprint: textOf(auth, 'certFingerprintSHA256').toLowerCase(),
    leaf: textOf(auth, 'certRFC9440'),
    chain: textOf(auth, 'certChainRFC9440'),
  }
}

async function verdictOn(
  presented: Presented,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<Verdict> {
  const { trust } = exchange.snapshot
  const known = trust.verdicts.get(presented.fingerprint)
  if (known !== undefined && stillHolds(known, presented, exchange.nowMs)) return known
  const leafDer = parseRfc9440(presented.leaf)
  // Larger than the edge passes on, or not what RFC 9440 says: nothing to verify.
  if (leafDer === null) return { verified: false, failure: { reason: 'malformed' } }
  const engine = await ports.certificates()
  const verdict = await engine.verifyClientCertificate({
    leafDer,
    chainDer: parseRfc9440Chain(presented.chain) ?? [],
    authorities: trust.authorities(engine),
    nowMs: exchange.nowMs,
  })
  if (verdict.verified || isLasting(verdict, presented))
    remember(trust.verdicts, presented.fingerprint, verdict)
  return verdict
}

/** A path once found stays one until something on it expires, whatever else the client sends beside its leaf. */
function stillHolds(verdict: Verdict, presented: Presented, nowMs: number): boolean {
  return verdict.verified ? nowMs <= verdict.validUntil * 1000 : presented.chain === ''
}

/** Another chain or a later time may turn these refusals around, so they are not kept. */
function isLasting(verdict: Verdict & { readonly verified: false }, presented: Presented): boolean {
  return presented.chain === '' && verdict.failure.reason !== 'not_yet_valid'
}

type Judgement = { readonly verified: boolean; readonly revoked: boolean; readonly reason: string }

const VERIFIED_INDEX = fieldIndex(CERT_VERIFIED)
const REVOKED_INDEX = fieldIndex(CERT_REVOKED)

function judged({ verified, revoked, reason }: Judgement): Detection {
  const finding: Finding = { detector: clientCertificate.name, reason }
  const fields = new Map<number, Value>([
    [VERIFIED_INDEX, verified],
    [REVOKED_INDEX, revoked],
  ])
  return { fields, finding }
}
