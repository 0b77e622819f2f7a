/**
 * Name constraints along a whole path (RFC 5280 §6.1.3 (b) and (c), §6.1.4 (g)): every name of a certificate
 * must be allowed by every certificate above it, the trust anchor's own included.
 */
import { readSequence, type DerElement } from './der.ts'
import { extensionOid } from './extensions.ts'
import {
  directoryKeys,
  emailAttributeKeys,
  nameForms,
  nameKeys,
  type NameForm,
} from './general-names.ts'
import { isSelfIssued, type InspectedCertificate } from './inspect.ts'
import { prefixLengthOf } from './ip-subnets.ts'
import type { NameConstraints } from './name-constraints.ts'
import { emailAddressOid } from './names.ts'
import type { VerifyFailure } from './path-checks.ts'

/** Why a name on this path (leaf first, anchor last) is not allowed, or null. */
export function refuseNames(path: readonly InspectedCertificate[]): VerifyFailure | null {
  const inForce: NameConstraints[] = []
  for (const certificate of path.toReversed()) {
    // "Name constraints are not applied to self-issued certificates (unless the certificate is the final
    // certificate in the path)", so that an authority can change its key.
    const isExempt = certificate !== path[0] && isSelfIssued(certificate.certificate)
    const refusal = isExempt ? null : refuseNamesOf(certificate, inForce)
    if (refusal !== null) return refusal
    const { nameConstraints } = certificate.extensions
    if (nameConstraints !== null) inForce.push(nameConstraints)
  }
  return null
}

function refuseNamesOf(
  subject: InspectedCertificate,
  inForce: readonly NameConstraints[],
): VerifyFailure | null {
  if (inForce.length === 0) return null
  const elements = alternativeNames(subject)
  const unknown = elements.some(
    ({ tag }) =>
      nameForms[tag] === undefined && inForce.some(({ unknownForms }) => unknownForms.has(tag)),
  )
  if (unknown) return refuse('other', 'of a form that cannot be compared')
  const source = { elements, prefixLengths: prefixLengthsOf(inForce) }
  for (const form of constrainedForms(inForce)) {
    for (const keys of namesOf(subject, form, source)) {
      const fault = keys === null ? 'malformed' : findFault(form, keys, inForce)
      if (fault !== null) return refuse(form, fault)
    }
  }
  return null
}

/** §6.1.3 (b) and (c) for one name. */
function findFault(
  form: NameForm,
  keys: readonly string[],
  inForce: readonly NameConstraints[],
): NameFault | null {
  const isCovered = (set: ReadonlySet<string>): boolean => keys.some((key) => set.has(key))
  for (const constraints of inForce) {
    const excluded = constraints.excluded.get(form)
    if (excluded !== undefined && isCovered(excluded)) return 'excluded'
    const permitted = constraints.permitted.get(form)
    if (permitted !== undefined && !isCovered(permitted)) return 'not permitted'
  }
  return null
}

function constrainedForms(inForce: readonly NameConstraints[]): ReadonlySet<NameForm> {
  return new Set(
    inForce.flatMap(({ permitted, excluded }) => [...permitted.keys(), ...excluded.keys()]),
  )
}

function prefixLengthsOf(inForce: readonly NameConstraints[]): ReadonlySet<number> {
  const subnets = inForce.flatMap(({ permitted, excluded }) => [
    ...(permitted.get('ip') ?? []),
    ...(excluded.get('ip') ?? []),
  ])
  return new Set(subnets.map(prefixLengthOf))
}

type NameSource = {
  readonly elements: readonly DerElement[]
  readonly prefixLengths: ReadonlySet<number>
}

/** The keys of every name of one form, in the subject and in the alternative names; null for a malformed name. */
function namesOf(
  { certificate: { subject } }: InspectedCertificate,
  form: NameForm,
  { elements, prefixLengths }: NameSource,
): readonly (readonly string[] | null)[] {
  const alternative = elements
    .filter(({ tag }) => nameForms[tag] === form)
    .map((element) => nameKeys(form, element, prefixLengths))
  if (form === 'directory' && subject.relativeNames.length > 0) {
    return [directoryKeys(subject), ...alternative]
  }
  if (form !== 'email') return alternative
  // Stricter than §4.2.1.10, which asks this only of certificates without alternative names: whoever reads
  // the address out of the subject should be able to rely on it.
  const inSubject = subject.relativeNames.flat().filter(({ oid }) => oid === emailAddressOid)
  return [...inSubject.map(emailAttributeKeys), ...alternative]
}

function alternativeNames({ certificate }: InspectedCertificate): readonly DerElement[] {
  const extension = certificate.extensions.find(
    ({ oid }) => oid === extensionOid.subjectAlternativeName,
  )
  // That the extension is a list was asked when the certificate was inspected.
  return extension === undefined ? [] : (readSequence(extension.value) ?? [])
}

type NameFault = 'malformed' | 'excluded' | 'not permitted' | 'of a form that cannot be compared'

function refuse(form: NameForm | 'other', detail: NameFault): VerifyFailure {
  return { reason: 'name_not_permitted', form, detail }
}
