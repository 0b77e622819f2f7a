/**
 * What a zone stores, in the shapes that the management API prints (snake_case, as Cloudflare names them).
 * A stored resource has one shape, the wire's: there is no mapping between the two.
 */
import type { ListKind } from '#engines/expressions'
import type { ResponsesProfile, SchemaProfile } from '#engines/openapi'
import type { ListItemContent, RuleContent, RulePhase, RulesetKind } from '#engines/rule-files'
import type {
  AuthorityKey,
  CertificateAuthority,
  ClientCertificate,
  ExpiryNotice,
  HostnameAssociation,
  MtlsCertificate,
  RevocationFetch,
  RevocationList,
  RevocationListPart,
} from './resources/certificates.ts'
import type { GraphqlCost } from './resources/graphql-cost.ts'
import type { GraphqlDocument, GraphqlSchema, GraphqlSettings } from './resources/graphql.ts'
import type { Seqrules, SequenceRule } from './resources/sequences.ts'
import type { TokenConfiguration, TokenRevocation, TokenRules } from './resources/tokens.ts'

export type MitigationAction = 'none' | 'log' | 'block'

export type Operation = {
  readonly operation_id: string
  readonly method: string
  readonly host: string
  readonly endpoint: string
  readonly last_updated: string
}

/** Overrides the zone's default action for one operation; `null` follows the default. */
export type OperationSetting = {
  readonly operation_id: string
  readonly mitigation_action: MitigationAction | null
}

export type SchemaSettings = {
  readonly validation_default_mitigation_action: MitigationAction
  /** `none` switches schema validation off for the whole zone, whatever else is set. */
  readonly validation_override_mitigation_action: 'none' | null
  /** Ours: of a hundred responses so many are held against their schema, 0 to 100. Absent: 1. */
  readonly response_sample_percent?: number
}

/** An uploaded OpenAPI document without its text, which may be large and is stored beside it. */
export type Schema = {
  readonly schema_id: string
  readonly name: string
  readonly kind: 'openapi_v3'
  readonly created_at: string
  readonly validation_enabled: boolean
}

export type SchemaSource = { readonly schema_id: string; readonly source: string }

/**
 * The index of what an uploaded document was compiled to; `created_at` decides between two that describe one operation. The
 * parts are documents of their own, so that whoever asks for an operation reads those that it needs.
 */
export type StoredProfile = {
  readonly schema_id: string
  readonly created_at: string
  readonly validation_enabled: boolean
  /** Of the compiled form (PROFILE_FORMAT); one of another format is compiled anew from its source, and its parts are not read. */
  readonly format: number
  /** By operation_id: the key of the operation in the profile. Operations on several hosts share one. */
  readonly operation_keys: { readonly [operationId: string]: string }
  /** By the key: places in `parts`. */
  readonly part_numbers: { readonly [operationKey: string]: readonly number[] }
  /** The same for what is said about responses. */
  readonly response_part_numbers: { readonly [operationKey: string]: readonly number[] }
  /** SHA-256 of the JSON text of each part, in hex. */
  readonly parts: readonly string[]
  readonly source_sha256: string
  readonly source_characters: number
  /** Of all parts together. */
  readonly parts_characters: number
  /** Of `operation_keys`, `part_numbers` and `parts` together. */
  readonly index_characters: number
}

export type SessionIdentifier = {
  readonly type: 'header' | 'cookie' | 'jwt'
  readonly name: string
}

export type Configuration = { readonly auth_id_characteristics: readonly SessionIdentifier[] }

/** What the operator wrote, and what makes it a rule of a ruleset. */
export type Rule = RuleContent & {
  readonly id: string
  readonly ref: string
  readonly version: string
  readonly last_updated: string
}

export type Ruleset = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly kind: RulesetKind
  readonly phase: RulePhase
  readonly version: string
  readonly last_updated: string
  readonly rules: readonly Rule[]
}

/** Which superseded versions of a ruleset are kept, oldest first; each is a document of `ruleset_version`. */
export type RulesetHistory = {
  readonly ruleset_id: string
  readonly versions: readonly Pick<Ruleset, 'version' | 'name' | 'description' | 'last_updated'>[]
}

/** A list without its items, which are kept in parts (`list`) so that one item more is one part rewritten. */
export type ListHead = {
  readonly id: string
  readonly name: string
  readonly kind: ListKind
  readonly description: string
  readonly num_items: number
  readonly created_on: string
  readonly modified_on: string
}

export type ListItem = ListItemContent & {
  readonly id: string
  readonly created_on: string
  readonly modified_on: string
}

/** Some of the items of a list, the document `<list id>/<number>`; part 0 is always there. */
export type ListPart = {
  readonly id: string
  readonly name: string
  readonly kind: ListKind
  readonly number: number
  readonly items: readonly ListItem[]
}

/** The last bulk operations on items, newest last. They are finished when they are answered. */
type ListOperations = {
  readonly operations: readonly { readonly id: string; readonly completed: string }[]
}

/** Remembers which seed file a resource came from, so that seeding touches nothing else. */
type Provenance = {
  /** `<collection>/<id>` of the resource, for rules `rule/<id>`. */
  readonly resource: string
  readonly file: string
}

/** The outcome of the last reconciliation with the seeded files. */
export type SeedReport = {
  readonly digest: string
  readonly reconciled_at: string
  /** Digests that this and recent reconciliations replaced, and when: KV may still show them for a while. */
  readonly superseded: readonly { readonly digest: string; readonly at: string }[]
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
  /** Made through the API under the same name, so the files do not touch it. */
  readonly left_alone: readonly string[]
  readonly unchanged: number
  /** What the files say and Portcullis does not use. */
  readonly warnings: readonly SeedError[]
  /** With any error nothing was applied. */
  readonly errors: readonly SeedError[]
}

export type SeedError = {
  readonly file: string
  readonly line: number | null
  readonly key: string | null
  readonly message: string
}

/** The shape behind each collection name. */
export type Resources = {
  readonly operation: Operation
  readonly operation_setting: OperationSetting
  readonly schema_settings: SchemaSettings
  readonly configuration: Configuration
  readonly schema: Schema
  readonly schema_source: SchemaSource
  readonly schema_profile: StoredProfile
  readonly schema_profile_part: SchemaProfile | ResponsesProfile
  readonly ruleset: Ruleset
  readonly ruleset_history: RulesetHistory
  readonly ruleset_version: Ruleset
  readonly list_head: ListHead
  readonly list: ListPart
  readonly list_operations: ListOperations
  readonly certificate_authority: CertificateAuthority
  readonly authority_key: AuthorityKey
  readonly hostname_association: HostnameAssociation
  readonly client_certificate: ClientCertificate
  readonly mtls_certificate: MtlsCertificate
  readonly revocation_list: RevocationList
  readonly revocation_list_part: RevocationListPart
  readonly revocation_fetch: RevocationFetch
  readonly expiry_notice: ExpiryNotice
  readonly token_configuration: TokenConfiguration
  readonly token_rules: TokenRules
  readonly token_revocation: TokenRevocation
  readonly graphql_settings: GraphqlSettings
  readonly graphql_document: GraphqlDocument
  readonly graphql_schema: GraphqlSchema
  readonly graphql_cost: GraphqlCost
  readonly seqrules: Seqrules
  readonly sequence_rule: SequenceRule
  readonly provenance: Provenance
  readonly seed_report: SeedReport
}

export type Collection = keyof Resources
