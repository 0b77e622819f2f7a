/**
 * Reads the four extensions that decide about certificate policies (RFC 5280 §4.2.1.4, .5, .11, .14). Each
 * reader returns null for what is malformed, repeats a policy, or holds more of them than a limit allows.
 */
import { readSequence, readElement, derTag, type DerElement } from './der.ts'
import { readObjectIdentifier, readSmallInteger } from './der-values.ts'
import { certificateLimits } from './limits.ts'

export const anyPolicy = '2.5.29.32.0'

export type CertificatePolicies = {
  /** In the order of the certificate, none twice. */
  readonly policies: readonly string[]
  /** Whether a policy is qualified in a way that we do not know, which matters only when the extension is critical. */
  readonly hasUnknownQualifier: boolean
}

export type PolicyMapping = { readonly issuerPolicy: string; readonly subjectPolicy: string }

/** Certificates that may follow before the constraint takes hold; null when it is absent. */
export type PolicyConstraints = {
  readonly requireExplicitPolicy: number | null
  readonly inhibitPolicyMapping: number | null
}

/** certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation, or null. */
export function readCertificatePolicies(value: Uint8Array): CertificatePolicies | null {
  const members = readList(value)
  if (members === null) return null
  const policies: string[] = []
  let hasUnknownQualifier = false
  for (const member of members) {
    const [identifier, qualifiers, ...rest] = readSequence(member.der) ?? []
    const policy = readObjectIdentifier(identifier)
    const known = qualifiers === undefined ? true : areKnownQualifiers(qualifiers)
    // "A certificate policy OID MUST NOT appear more than once in a certificate policies extension."
    if (policy === null || known === null || rest.length > 0 || policies.includes(policy))
      return null
    policies.push(policy)
    if (!known) hasUnknownQualifier = true
  }
  return { policies, hasUnknownQualifier }
}

/** PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }, or null. */
export function readPolicyMappings(value: Uint8Array): readonly PolicyMapping[] | null {
  const members = readList(value)
  if (members === null) return null
  const mappings: PolicyMapping[] = []
  for (const member of members) {
    const [issuerElement, subjectElement, ...rest] = readSequence(member.der) ?? []
    const issuerPolicy = readObjectIdentifier(issuerElement)
    const subjectPolicy = readObjectIdentifier(subjectElement)
    if (issuerPolicy === null || subjectPolicy === null || rest.length > 0) return null
    // §6.1.4 (a): anyPolicy is mapped neither from nor to.
    if (issuerPolicy === anyPolicy || subjectPolicy === anyPolicy) return null
    mappings.push({ issuerPolicy, subjectPolicy })
  }
  return mappings
}

/** PolicyConstraints ::= SEQUENCE { [0] requireExplicitPolicy, [1] inhibitPolicyMapping }, or null. */
export function readPolicyConstraints(value: Uint8Array): PolicyConstraints | null {
  const parts = readSequence(value)
  // §4.2.1.11: "Conforming CAs MUST NOT issue certificates where policy constraints is an empty sequence."
  if (parts === null || parts.length === 0) return null
  const [require, inhibit] = [0x80, 0x81].map((tag) => parts.find((part) => part.tag === tag))
  const requireExplicitPolicy = skipOf(require)
  const inhibitPolicyMapping = skipOf(inhibit)
  const counted = [require, inhibit].filter((part) => part !== undefined).length
  if (counted !== parts.length) return null
  if (require !== undefined && requireExplicitPolicy === null) return null
  if (inhibit !== undefined && inhibitPolicyMapping === null) return null
  return { requireExplicitPolicy, inhibitPolicyMapping }
}

/** InhibitAnyPolicy ::= INTEGER (0..MAX), or null. */
export function readInhibitAnyPolicy(value: Uint8Array): number | null {
  return readSmallInteger(readElement(value) ?? undefined)
}

function readList(value: Uint8Array): readonly DerElement[] | null {
  const members = readSequence(value)
  const count = members?.length ?? 0
  return count > 0 && count <= certificateLimits.policiesMax ? members : null
}

/** Whether every qualifier is one of the two that RFC 5280 defines; null when they are malformed. */
function areKnownQualifiers(element: DerElement): boolean | null {
  const qualifiers = readSequence(element.der)
  if (qualifiers === null || qualifiers.length === 0) return null
  const identifiers = qualifiers.map(({ der }) => readObjectIdentifier(readSequence(der)?.[0]))
  if (identifiers.includes(null)) return null
  return identifiers.every((oid) => oid !== null && knownQualifiers.has(oid))
}

/** Pointer to a practice statement, and user notice: texts for people, which decide nothing. */
const knownQualifiers: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2'])

function skipOf(element: DerElement | undefined): number | null {
  return element === undefined ? null : readSmallInteger({ ...element, tag: derTag.integer })
}
