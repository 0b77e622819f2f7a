/** `cert verify`: would the shield take this client certificate, and if not, why. */
import {
  type AuthorityBundle,
  type BundleError,
  type BundleFault,
  type CertificatePurpose,
  checkRevocation,
  encodePem,
  type PolicyInputs,
  readAuthorityBundle,
  readCertificate,
  readCrl,
  type RevocationFailure,
  type VerifyFailure,
  verifyClientCertificate,
} from '#engines/certificates'
import { err, ok, type Result } from '#engines/result'
import type { Command } from '../command.ts'
import { readGivenCertificates, readGivenLists } from '../given-certificates.ts'
import { type Answer, answerJsonLines, isObject, type JsonObject } from '../json-lines.ts'

export const certVerify: Command = {
  name: 'cert verify',
  summary: 'Checks client certificates against authorities and revocation lists',
  operands: null,
  options: {},
  help: `Reads JSON lines {"ca": ["…"], "leaf": "…", "chain": ["…"], "crls": ["…"], "time": 1795305600, "eku": "clientAuth",
"allow_sha1": false, "policies": {…}}; only ca and leaf must be there. Certificates and lists are PEM or base64 of DER. An entry
of ca is a trust anchor, or a bundle of anchors and the intermediates under them. The time is in seconds since 1970 and, when
absent, the present; eku is clientAuth, serverAuth or any. With at least one of crls, every certificate of the path must be known not
to be revoked. Policies are {"acceptable": ["1.2.3"], "require_explicit": false, "inhibit_mapping": false, "inhibit_any": false}.
Prints for each, in order, {"valid": true, "reason": null}, or {"valid": false, "reason": "expired"} with "detail" when there
is more to say.
Exit 1 when a certificate is not valid, 2 when a line is not understood.`,
  run: (_call, io) => answerJsonLines(io, verify),
}

async function verify(row: JsonObject): Promise<Answer> {
  const question = readQuestion(row)
  if (!question.ok) return question
  const refusal = await refuse(question.value)
  const answer = refusal === null ? { valid: true, reason: null } : { valid: false, ...refusal }
  return ok({ row: answer, finding: refusal !== null })
}

type Question = {
  readonly ca: readonly string[]
  readonly leaf: string
  readonly chain: readonly string[]
  /** None when nothing is asked about revocation. */
  readonly crls: readonly string[]
  readonly nowMs: number
  readonly purpose: CertificatePurpose
  readonly allowSha1: boolean
  readonly policies: PolicyInputs
}

/** Only the types: what is inside of the texts is for the verdict. Null is as good as absent. */
function readQuestion(row: JsonObject): Result<Question, string> {
  const { ca, leaf } = row
  const chain = row['chain'] ?? []
  const crls = row['crls'] ?? []
  const time = row['time'] ?? Date.now() / 1000
  const purpose = row['eku'] ?? 'clientAuth'
  const allowSha1 = row['allow_sha1'] ?? false
  if (!isTexts(ca)) return err('ca must be a list of texts')
  if (typeof leaf !== 'string') return err('leaf must be text')
  if (!isTexts(chain)) return err('chain must be a list of texts')
  if (!isTexts(crls)) return err('crls must be a list of texts')
  if (typeof time !== 'number') return err('time must be a number of seconds since 1970')
  if (!isPurpose(purpose)) return err(`eku must be one of ${PURPOSES.join(', ')}`)
  if (typeof allowSha1 !== 'boolean') return err('allow_sha1 must be true or false')
  const policies = readPolicies(row['policies'] ?? {})
  if (!policies.ok) return policies
  const nowMs = time * 1000
  return ok({ ca, leaf, chain, crls, nowMs, purpose, allowSha1, policies: policies.value })
}

/** The inputs of RFC 5280 §6.1.1 (c), (e), (f) and (g). */
function readPolicies(value: unknown): Result<PolicyInputs, string> {
  if (!isObject(value)) return err('policies must be an object')
  const { acceptable } = value
  if (acceptable !== undefined && !isTexts(acceptable)) {
    return err('policies.acceptable must be a list of texts')
  }
  const flags = ['require_explicit', 'inhibit_mapping', 'inhibit_any'].map(
    (name) => value[name] ?? false,
  )
  const [requireExplicit, inhibitMapping, inhibitAny] = flags
  if (!flags.every((flag) => typeof flag === 'boolean')) {
    return err('policies must be true or false, but for acceptable')
  }
  return ok({
    ...(acceptable === undefined ? {} : { acceptable }),
    requireExplicit: requireExplicit === true,
    inhibitMapping: inhibitMapping === true,
    inhibitAny: inhibitAny === true,
  })
}

const PURPOSES: readonly CertificatePurpose[] = ['clientAuth', 'serverAuth', 'any']

function isPurpose(value: unknown): value is CertificatePurpose {
  return PURPOSES.some((purpose) => purpose === value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

type Refusal = {
  readonly reason: Failure['reason'] | RevocationFailure['reason']
  readonly detail?: string
}

async function refuse(question: Question): Promise<Refusal | null> {
  const { nowMs, purpose, allowSha1 } = question
  const given = readGivenCertificates(question.leaf)
  const [leafDer, ...sentWithLeaf] = given ?? []
  if (leafDer === undefined) return { reason: 'malformed', detail: 'leaf' }
  const chain = question.chain.map(readGivenCertificates)
  if (chain.includes(null)) return { reason: 'malformed', detail: 'chain' }
  const chainDer = [...sentWithLeaf, ...chain.flatMap((each) => each ?? [])]
  const authorities = readAuthorities(question)
  const verdict = await verifyClientCertificate({
    leafDer,
    chainDer,
    authorities: authorities.bundles,
    nowMs,
    purpose,
    policies: question.policies,
  })
  if (!verdict.verified) return explain(verdict.failure, authorities.refusals)
  if (question.crls.length === 0) return null
  const lists = readLists(question.crls)
  const helping = authorities.bundles.flatMap(({ intermediates }) => intermediates)
  const revoked = await checkRevocation({
    path: verdict.path,
    crls: lists.crls,
    others: [...readableCertificates(chainDer), ...helping.map(({ certificate }) => certificate)],
    nowMs,
    allowSha1,
  })
  return revoked.ok ? null : explainRevocation(revoked.error, lists.refusals)
}

type Failure = VerifyFailure | BundleFailure

/** Why an entry of `ca` is not trusted. */
type BundleFailure = BundleError | BundleFault['failure']

type GivenAuthorities = {
  readonly bundles: readonly AuthorityBundle[]
  readonly refusals: readonly Refusal[]
}

function readAuthorities({ ca, allowSha1 }: Question): GivenAuthorities {
  const read = ca.map((text, index) => {
    const certificates = readGivenCertificates(text)
    const place = `ca ${index + 1}`
    if (certificates === null) return err({ reason: 'malformed', detail: place } as const)
    const pem = certificates.map((der) => encodePem('CERTIFICATE', der)).join('')
    const bundle = readAuthorityBundle(place, pem, { allowSha1 })
    return bundle.ok ? bundle : err(explainBundle(bundle.error, place))
  })
  return {
    bundles: read.flatMap((each) => (each.ok ? [each.value] : [])),
    refusals: read.flatMap((each) => (each.ok ? [] : [each.error])),
  }
}

/** The first certificate at fault says more than that there is one. */
function explainBundle(error: BundleError, place: string): Refusal {
  const fault = error.reason === 'faulty_certificates' ? error.faults[0] : undefined
  if (fault === undefined) return { reason: error.reason, detail: place }
  const { position, failure } = fault
  return {
    reason: failure.reason,
    detail: `${place}, certificate ${position}: ${written(failure)}`,
  }
}

/** A leaf without an issuer may have lost it because an authority was refused. */
function explain(failure: VerifyFailure, refusals: readonly Refusal[]): Refusal {
  const { reason } = failure
  const [refusal] = refusals
  if (reason === 'unknown_issuer' && refusal !== undefined) return refusal
  const detail = written(failure)
  return detail === reason ? { reason } : { reason, detail }
}

function explainRevocation(failure: RevocationFailure, refusals: readonly string[]): Refusal {
  const { reason, position, serialNumber } = failure
  const which = `${position === 0 ? 'leaf' : `issuer ${position}`}, serial number ${serialNumber}`
  const unused = reason === 'revocation_unknown' ? refusals : []
  return { reason, detail: [which, ...unused].join('; ') }
}

type GivenLists = {
  readonly crls: Parameters<typeof checkRevocation>[0]['crls']
  readonly refusals: readonly string[]
}

/** A list that cannot be used is as good as none; which one it was is said when one is missing. */
function readLists(texts: readonly string[]): GivenLists {
  const read = texts.flatMap((text, index) => {
    const lists = readGivenLists(text)?.map(readCrl) ?? [err({ reason: 'not_pem' } as const)]
    return lists.map((list) => (list.ok ? list : err(`crls ${index + 1}: ${written(list.error)}`)))
  })
  return {
    crls: read.flatMap((each) => (each.ok ? [each.value] : [])),
    refusals: read.flatMap((each) => (each.ok ? [] : [each.error])),
  }
}

function readableCertificates(ders: readonly Uint8Array[]) {
  return ders.map(readCertificate).flatMap((read) => (read.ok ? [read.value] : []))
}

/** The reason with what goes with it: `weak_key (detail RSA key of 1024 bits)`. */
function written({ reason, ...more }: { readonly reason: string }): string {
  const facts = Object.entries(more).map(([name, value]) => `${name} ${String(value)}`)
  return facts.length === 0 ? reason : `${reason} (${facts.join(', ')})`
}
