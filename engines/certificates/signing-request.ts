/**
 * Reads a PKCS#10 certificate signing request (RFC 2986) and proves that whoever wrote it holds the key.
 * Refuses weak and unknown algorithms, more than one block, empty subjects and names beyond our bounds.
 * Nothing in a request is a promise: the issuer decides purposes, validity and extensions by itself.
 */
import { err, ok, type Result } from '#engines/result'

import { readAlternativeNames, type AlternativeName } from './alternative-names.ts'
import {
  readAlgorithm,
  readExtensionList,
  readPublicKeyInfo,
  type PublicKeyInfo,
} from './certificate.ts'
import { derTag, readElements, readSequence, type DerElement } from './der.ts'
import { readBitString, readObjectIdentifier, readSmallInteger } from './der-values.ts'
import { extensionOid } from './extensions.ts'
import { certificateLimits } from './limits.ts'
import { attributeText, readName, type DistinguishedName } from './names.ts'
import { decodePem } from './pem.ts'
import { verifySignature } from './signatures.ts'

export type SigningRequest = {
  readonly subject: DistinguishedName
  readonly publicKey: PublicKeyInfo
  /** Only of the kinds that may be copied into a certificate. */
  readonly alternativeNames: readonly AlternativeName[]
}

/** `reason` is from a closed list; `message` is for the operator who sent the request. */
export type SigningRequestError = {
  readonly reason: keyof typeof messages
  readonly message: string
}

/** Reads PEM text holding one request and verifies its signature. */
export async function readSigningRequest(
  pem: string,
): Promise<Result<SigningRequest, SigningRequestError>> {
  const blocks = decodePem(pem, ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'])
  if (!blocks.ok) return refuse(blocks.error)
  const [der, ...more] = blocks.value
  if (der === undefined || more.length > 0) return refuse({ reason: 'several_blocks' })
  const outer = readOuter(der)
  if (outer === null) return refuse({ reason: 'malformed', detail: 'structure' })
  const verified = await verifySignature(outer, outer.publicKey)
  if (!verified.ok) return refuse(verified.error)
  const { subject, publicKey } = outer
  const alternativeNames = readRequestedNames(outer.attributes)
  if (alternativeNames === null) return refuse({ reason: 'malformed', detail: 'attributes' })
  const fault = findSubjectFault(subject)
  return fault === null ? ok({ subject, publicKey, alternativeNames }) : refuse(fault)
}

type OuterRequest = {
  readonly algorithm: NonNullable<ReturnType<typeof readAlgorithm>>
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly subject: DistinguishedName
  readonly publicKey: PublicKeyInfo
  readonly attributes: readonly DerElement[]
}

/** CertificationRequest ::= SEQUENCE { info { version 0, subject, key, [0] attributes }, algorithm, signature }. */
function readOuter(der: Uint8Array): OuterRequest | null {
  const [info, algorithmElement, signatureElement, ...rest] = readSequence(der) ?? []
  const algorithm = readAlgorithm(algorithmElement)
  const signature = readBitString(signatureElement)
  if (info === undefined || algorithm === null || rest.length > 0) return null
  if (signature === null || signature.unusedBits !== 0) return null
  const [version, subjectElement, keyElement, attributesElement, ...more] =
    readSequence(info.der) ?? []
  if (readSmallInteger(version) !== 0 || more.length > 0) return null
  const subject = subjectElement === undefined ? null : readName(subjectElement.der)
  const publicKey = keyElement === undefined ? null : readPublicKeyInfo(keyElement)
  const attributes = readAttributes(attributesElement)
  if (subject === null || publicKey === null || attributes === null) return null
  const signed = info.der
  return { algorithm, signed, signature: signature.octets, subject, publicKey, attributes }
}

/** Some tools leave the mandatory but empty [0] out. */
function readAttributes(element: DerElement | undefined): readonly DerElement[] | null {
  if (element === undefined) return []
  return element.tag === 0xa0 ? readElements(element.content) : null
}

/** The alternative names inside extensionRequest (RFC 2985 §5.4.2): none when absent, null when malformed. */
function readRequestedNames(attributes: readonly DerElement[]): readonly AlternativeName[] | null {
  const requests = attributes.filter(
    ({ der }) => readObjectIdentifier(readSequence(der)?.[0]) === '1.2.840.113549.1.9.14',
  )
  const [request, ...more] = requests
  if (request === undefined) return []
  const [, values] = readSequence(request.der) ?? []
  const [list, ...others] = values?.tag === derTag.set ? (readElements(values.content) ?? []) : []
  const extensions = list === undefined ? null : readExtensionList(list.der)
  if (extensions === null || others.length > 0 || more.length > 0) return null
  const names = extensions.find(({ oid }) => oid === extensionOid.subjectAlternativeName)
  return names === undefined ? [] : readAlternativeNames(names.value)
}

function findSubjectFault({ relativeNames }: DistinguishedName): Refusal | null {
  const attributes = relativeNames.flat()
  if (attributes.length === 0) return { reason: 'no_subject' }
  for (const attribute of attributes) {
    const text = attributeText(attribute)
    if (text === null) return { reason: 'malformed', detail: `subject ${attribute.oid}` }
    if (text.length > certificateLimits.nameCharactersMax) {
      return { reason: 'name_too_long', detail: attribute.oid }
    }
  }
  return null
}

const messages = {
  too_large: 'The signing request is too large',
  no_block: 'No PEM block "CERTIFICATE REQUEST" was found',
  wrong_label: 'The PEM block is not a certificate request',
  several_blocks: 'Exactly one certificate request is expected',
  malformed: 'The signing request cannot be read',
  no_subject: 'The signing request has an empty subject',
  name_too_long: 'A subject attribute is too long',
  weak_key: 'The key is too weak',
  weak_signature: 'The signature algorithm is too weak',
  unsupported_algorithm: 'The algorithm is not supported',
  bad_signature: 'The signature does not match the key in the request',
} as const

type Refusal = {
  readonly reason: keyof typeof messages
  readonly detail?: string
  readonly oid?: string
  readonly name?: string
  readonly label?: string
}

function refuse(refusal: Refusal): Result<never, SigningRequestError> {
  const detail = refusal.detail ?? refusal.oid ?? refusal.name ?? refusal.label
  const text = messages[refusal.reason]
  return err({
    reason: refusal.reason,
    message: detail === undefined ? `${text}.` : `${text}: ${detail}.`,
  })
}
