/**
 * The zone's collections and what the data plane may see of each. A collection without a projection never
 * leaves the Zone object: private keys and sources stay where they are.
 */
import { parseOwn } from './own.ts'
import type {
  Collection,
  Configuration,
  ListItem,
  ListPart,
  Operation,
  OperationSetting,
  Resources,
  Ruleset,
  SchemaSettings,
  StoredProfile,
} from './resources.ts'
import type {
  CertificateAuthority,
  ClientCertificate,
  HostnameAssociation,
  MtlsCertificate,
  RevocationList,
  RevocationListPart,
} from './resources/certificates.ts'
import type { GraphqlCost } from './resources/graphql-cost.ts'
import type { GraphqlDocument, GraphqlSettings } from './resources/graphql.ts'
import type { Seqrules, SequenceRule } from './resources/sequences.ts'
import type { TokenConfiguration, TokenRevocation, TokenRules } from './resources/tokens.ts'

/** Every collection there is. */
export const COLLECTIONS = [
  'operation',
  'operation_setting',
  'schema_settings',
  'configuration',
  'schema',
  'schema_source',
  'schema_profile',
  'schema_profile_part',
  'ruleset',
  'ruleset_history',
  'ruleset_version',
  'list_head',
  'list',
  'list_operations',
  'certificate_authority',
  'authority_key',
  'hostname_association',
  'client_certificate',
  'mtls_certificate',
  'revocation_list',
  'revocation_list_part',
  'revocation_fetch',
  'expiry_notice',
  'token_configuration',
  'token_rules',
  'token_revocation',
  'graphql_settings',
  'graphql_document',
  'graphql_schema',
  'graphql_cost',
  'seqrules',
  'sequence_rule',
  'provenance',
  'seed_report',
] as const satisfies readonly Collection[]

/** Settings of which a zone has one are stored under this id. */
export const SINGLETON = 'zone'

/** An item as far as a value can be compared with it. */
type PublishedListItem = Pick<ListItem, 'ip' | 'hostname' | 'asn'>

/** Some of the items of a list; several have the same name, and together they are the list. */
type PublishedList = Pick<ListPart, 'id' | 'name' | 'kind'> & {
  readonly items: readonly PublishedListItem[]
}

/** Named by issuer and serial number (RFC 5280 §5.1.2.6): the fingerprint of an ECDSA certificate has twins. */
type RevokedCertificate = {
  readonly certificate_authority_id: string
  readonly serial_number: string
}

/** What the data plane reads: one member a published collection. */
export type PublishedZone = {
  readonly operation: readonly Operation[]
  readonly operation_setting: readonly OperationSetting[]
  readonly schema_settings: readonly SchemaSettings[]
  readonly configuration: readonly Configuration[]
  readonly schema_profile: readonly PublishedProfile[]
  readonly ruleset: readonly Ruleset[]
  readonly list: readonly PublishedList[]
  readonly certificate_authority: readonly CertificateAuthority[]
  readonly hostname_association: readonly HostnameAssociation[]
  readonly client_certificate: readonly RevokedCertificate[]
  readonly mtls_certificate: readonly PublishedMtlsCertificate[]
  readonly revocation_list: readonly PublishedRevocationList[]
  readonly revocation_list_part: readonly RevocationListPart[]
  readonly token_configuration: readonly TokenConfiguration[]
  readonly token_rules: readonly TokenRules[]
  readonly token_revocation: readonly PublishedTokenRevocation[]
  readonly graphql_settings: readonly GraphqlSettings[]
  readonly graphql_document: readonly PublishedGraphqlDocument[]
  readonly graphql_cost: readonly GraphqlCost[]
  readonly seqrules: readonly Seqrules[]
  readonly sequence_rule: readonly SequenceRule[]
}

/** Without its parts, which are published each under its own key and read when they are needed. */
export type PublishedProfile = Pick<
  StoredProfile,
  | 'schema_id'
  | 'created_at'
  | 'format'
  | 'operation_keys'
  | 'part_numbers'
  | 'response_part_numbers'
  | 'parts'
>

type PublishedMtlsCertificate = Pick<
  MtlsCertificate,
  'id' | 'certificates' | 'allow_sha1' | 'revocation'
>

type PublishedRevocationList = Pick<
  RevocationList,
  'id' | 'mtls_certificate_id' | 'issuer_spki_sha256' | 'next_update'
>

type PublishedTokenRevocation = Pick<
  TokenRevocation,
  'configuration_id' | 'jti' | 'sub' | 'issued_before'
>

export type PublishedCollection = keyof PublishedZone

type PublishedGraphqlDocument = Pick<GraphqlDocument, 'sha256' | 'query'>

type Projections = {
  readonly [C in PublishedCollection]: (body: Resources[C]) => PublishedZone[C][number] | null
}

/** How a stored resource becomes what is published; `null` leaves it out. */
const PUBLISHED: Projections = {
  operation: whole,
  operation_setting: whole,
  schema_settings: whole,
  configuration: whole,
  schema_profile: validating,
  ruleset: whole,
  list: comparable,
  certificate_authority: whole,
  hostname_association: whole,
  client_certificate: revokedOnly,
  mtls_certificate: trusted,
  revocation_list: speakingOf,
  revocation_list_part: whole,
  // Secrets of symmetric keys stay sealed; the data plane opens them when it first needs them.
  token_configuration: whole,
  token_rules: whole,
  token_revocation: refusing,
  graphql_settings: whole,
  graphql_document: registered,
  graphql_cost: whole,
  seqrules: whole,
  sequence_rule: whole,
}

export const PUBLISHED_COLLECTIONS = Object.keys(PUBLISHED).filter(isPublished)

function isPublished(name: string): name is PublishedCollection {
  return Object.hasOwn(PUBLISHED, name)
}

/** The JSON array of a collection as it is published, from the stored bodies in their order. */
export function publishedPart(collection: PublishedCollection, bodies: readonly string[]): string {
  const project: (body: never) => unknown = PUBLISHED[collection]
  // The stored text is the published one: megabytes of serial numbers are not parsed only to be written again.
  if (project === whole) return `[${bodies.join(',')}]`
  const projected = bodies.map((body) => project(parseOwn<never>(body)))
  return JSON.stringify(projected.filter((body) => body !== null))
}

/** The digests of the parts that a published text of `schema_profile` names. */
export function partDigestsOf(text: string): readonly string[] {
  const profiles = parseOwn<PublishedZone['schema_profile']>(text)
  return profiles.flatMap(({ parts }) => parts)
}

function whole<T>(body: T): T {
  return body
}

/** No expression can ask for a redirect; ids, dates and comments are the operator's. */
function comparable({ id, name, kind, items }: ListPart): PublishedList | null {
  if (kind === 'redirect') return null
  const published = items.map(({ ip, hostname, asn }) => ({
    ...(ip === undefined ? {} : { ip }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(asn === undefined ? {} : { asn }),
  }))
  return { id, name, kind, items: published }
}

/** One that an older release stored has no format: it is published as outdated, so that its operations are not let through. */
function validating({
  schema_id,
  created_at,
  validation_enabled,
  format = 0,
  operation_keys,
  part_numbers = {},
  response_part_numbers = {},
  parts = [],
}: Partial<StoredProfile> & PublishedIdentity): PublishedProfile | null {
  if (validation_enabled !== true) return null
  return {
    schema_id,
    created_at,
    format,
    operation_keys,
    part_numbers,
    response_part_numbers,
    parts,
  }
}

type PublishedIdentity = Pick<StoredProfile, 'schema_id' | 'created_at' | 'operation_keys'>

function revokedOnly(certificate: ClientCertificate): RevokedCertificate | null {
  const { status, serial_number, certificate_authority } = certificate
  if (status === 'active' || status === 'pending_reactivation') return null
  return { certificate_authority_id: certificate_authority.id, serial_number }
}

function trusted({
  id,
  certificates,
  allow_sha1,
  revocation,
}: MtlsCertificate): PublishedMtlsCertificate {
  return { id, certificates, allow_sha1, revocation }
}

function speakingOf({
  id,
  mtls_certificate_id,
  issuer_spki_sha256,
  next_update,
}: RevocationList): PublishedRevocationList {
  return { id, mtls_certificate_id, issuer_spki_sha256, next_update }
}

function refusing({
  configuration_id,
  jti,
  sub,
  issued_before,
}: TokenRevocation): PublishedTokenRevocation {
  return {
    configuration_id,
    ...(jti === undefined ? {} : { jti }),
    ...(sub === undefined ? {} : { sub }),
    ...(issued_before === undefined ? {} : { issued_before }),
  }
}

function registered({ sha256, query }: GraphqlDocument): PublishedGraphqlDocument {
  return { sha256, query }
}
