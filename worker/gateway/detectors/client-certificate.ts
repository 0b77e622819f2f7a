/**
 * Judges the client's certificate: verified means that it chains to an authority which the hostname is associated with, is
 * valid now, is meant for clients and was not revoked. The TLS handshake proved that the client holds the key; whatever the
 * edge itself thinks of the certificate is not asked. Certificate and fingerprint come from `request.cf` alone.
 */
import type { Verdict } from '#engines/certificates'
import {
  parseRfc9440,
  parseRfc9440Chain,
  VERIFIED_CERTIFICATE_FIELDS,
  type VerifiedCertificate,
} from '#engines/client-certificate'
import { fieldIndex, type Value } from '#engines/expressions'
import { memberOf, textOf } from '#engines/request-fields'
import type { Finding } from '../../storage/events.ts'
import type { Exchange } from '../exchange.ts'
import { GATEWAY_LIMITS } from '../limits.ts'
import type { CertificateEngine, GatewayPorts } from '../stage.ts'
import type { AuthorityGroup, Refused, Verified } from '../trust-store.ts'
import type { Detection, Detector } from './detector.ts'

export const CERT_VERIFIED = 'cf.tls_client_auth.cert_verified'
export const CERT_REVOKED = 'cf.tls_client_auth.cert_revoked'

export const clientCertificate: Detector = {
  name: 'client-certificate',
  // The last are read from the certificate that it hands over, when a rule asks.
  fills: [CERT_VERIFIED, CERT_REVOKED, ...VERIFIED_CERTIFICATE_FIELDS],
  async run(exchange, ports) {
    const presented = presentedCertificate(exchange)
    if (presented === null) return unverified('not_presented')
    const authorities = exchange.snapshot.trust.authoritiesOf(exchange.hostname)
    if (authorities === null) return unverified('hostname_has_no_authority')
    const verdict = await verdictOn({ presented, authorities, exchange, ports })
    return verdict.verified ? askRevocation(verdict, exchange, ports) : unverified(verdict.reason)
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

type Case = {
  readonly presented: Presented
  readonly authorities: AuthorityGroup
  readonly exchange: Exchange
  readonly ports: GatewayPorts
}

async function verdictOn(asked: Case): Promise<Verified | Refused> {
  const { presented, authorities, exchange, ports } = asked
  const { trust } = exchange.snapshot
  // Two certificates without one would be the same to the memory.
  if (presented.fingerprint.length !== FINGERPRINT_DIGITS) return refused('malformed', exchange)
  const key = `${authorities.key}\n${presented.fingerprint}`
  // A path once found stays one, whatever else the client sends beside its leaf.
  const known = trust.verified.get(key)
  if (known !== undefined && exchange.nowMs <= known.untilMs) return known
  const refusalKey = `${key}\n${await digestOf(presented.chain)}`
  const refusal = trust.refused.get(refusalKey)
  if (refusal !== undefined && exchange.nowMs <= refusal.untilMs) return refusal
  const verdict = await verify(asked, await ports.certificates())
  if (verdict.verified) trust.verified.set(key, verdict)
  else trust.refused.set(refusalKey, verdict)
  return verdict
}

const FINGERPRINT_DIGITS = 64

/** Of what may be long, and is kept as a key. */
async function digestOf(chain: string): Promise<string> {
  if (chain === '') return ''
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(chain))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}

async function verify(
  { presented, authorities, exchange }: Case,
  engine: CertificateEngine,
): Promise<Verified | Refused> {
  const leafDer = parseRfc9440(presented.leaf)
  // Larger than the edge passes on, or not what RFC 9440 says: nothing to verify.
  if (leafDer === null) return refused('malformed', exchange)
  const chainDer = parseRfc9440Chain(presented.chain) ?? []
  const against = (group: AuthorityGroup): Promise<Verdict> =>
    engine.verifyClientCertificate({
      leafDer,
      chainDer,
      authorities: group.bundles(engine),
      nowMs: exchange.nowMs,
    })
  const { everyAuthority, chains } = exchange.snapshot.trust
  const verdict = await against(authorities)
  if (verdict.verified) {
    const { certificate: leaf, links } = await engine.describeVerified(verdict)
    const certificate = { ...leaf, chainRfc9440: chains.share(leaf.chainRfc9440) }
    const { serialNumber, validUntil } = verdict
    return { verified: true, certificate, links, serialNumber, untilMs: validUntil * 1000 }
  }
  const { reason } = verdict.failure
  if (!MAY_BE_KNOWN_ELSEWHERE.has(reason) || authorities.key === everyAuthority.key) {
    return refused(reason, exchange)
  }
  const elsewhere = await against(everyAuthority)
  return refused(elsewhere.verified ? 'authority_of_another_hostname' : reason, exchange)
}

/** Time may turn a refusal around: something on another path was not valid yet. */
function refused(reason: string, { nowMs }: Exchange): Refused {
  const untilMs = nowMs + GATEWAY_LIMITS.rememberedRefusalMs
  return { verified: false, reason, untilMs }
}

/** Refusals that say: none of these authorities has signed it. */
const MAY_BE_KNOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  'unknown_issuer',
  'self_signed',
  'bad_signature',
])

async function askRevocation(
  verdict: Verified,
  { snapshot, nowMs }: Exchange,
  ports: GatewayPorts,
): Promise<Detection> {
  const { certificate, links, serialNumber } = verdict
  const path = { authorityId: certificate.authorityId, serialNumber, links }
  const { revocation } = snapshot.trust
  if (!revocation.isOpen(path)) revocation.open(path, await ports.certificates())
  const answer = revocation.ask(path, nowMs)
  switch (answer.status) {
    case 'good':
      return verified(certificate, 'verified')
    case 'revoked':
      return judged({ verified: false, revoked: true, reason: answer.reason })
    case 'unknown':
      return answer.accepted ? verified(certificate, answer.reason) : unverified(answer.reason)
  }
}

function verified(certificate: VerifiedCertificate, reason: string): Detection {
  return { ...judged({ verified: true, revoked: false, reason }), certificate }
}

function unverified(reason: string): Detection {
  return judged({ verified: false, revoked: false, reason })
}

type Judgement = { readonly verified: boolean; readonly revoked: boolean; readonly reason: string }

const VERIFIED_INDEX = fieldIndex(CERT_VERIFIED)
const REVOKED_INDEX = fieldIndex(CERT_REVOKED)

function judged({ verified: isVerified, revoked, reason }: Judgement): Detection {
  const finding: Finding = { detector: clientCertificate.name, reason }
  const fields = new Map<number, Value>([
    [VERIFIED_INDEX, isVerified],
    [REVOKED_INDEX, revoked],
  ])
  return { fields, findings: [finding] }
}
