/**
 * What a zone stores, in the shapes that the management API prints (snake_case, as Cloudflare names them).
 * A stored resource has one shape, the wire's: there is no mapping between the two.
 */
import type { SchemaProfile } from '#engines/openapi'

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

/** The compiled form of an uploaded document; `created_at` decides between two that describe one operation. */
export type StoredProfile = {
  readonly schema_id: string
  readonly created_at: string
  readonly validation_enabled: boolean
  /** By operation_id: the key of the operation in the profile. Operations on several hosts share one. */
  readonly operation_keys: { readonly [operationId: string]: string }
  readonly profile: SchemaProfile
}

export type SessionIdentifier = {
  readonly type: 'header' | 'cookie' | 'jwt'
  readonly name: string
}

export type Configuration = { readonly auth_id_characteristics: readonly SessionIdentifier[] }

export type BlockResponse = {
  readonly status_code: number
  readonly content: string
  readonly content_type: string
}

export type Rule = {
  readonly id: string
  readonly ref: string
  readonly version: string
  readonly action: 'block' | 'log'
  readonly action_parameters?: { readonly response?: BlockResponse }
  readonly description: string
  readonly enabled: boolean
  readonly expression: string
  readonly last_updated: string
}

export type Ruleset = {
  readonly id: string
  readonly kind: 'zone'
  readonly name: string
  readonly description: string
  readonly phase: 'http_request_firewall_custom'
  readonly version: string
  readonly last_updated: string
  readonly rules: readonly Rule[]
}

/** `id` names the account's managed authority; there is one. */
export type CertificateAuthority = {
  readonly id: string
  readonly name: string
  readonly certificate: string
}

/** The authority's private key, sealed under the Worker's secret (engines/sealing). */
type AuthorityKey = { readonly id: string; readonly sealed_private_key: string }

export type HostnameAssociation = {
  readonly certificate_authority_id: string
  readonly hostnames: readonly string[]
}

export type ClientCertificate = {
  readonly id: string
  readonly certificate: string
  readonly certificate_authority: { readonly id: string; readonly name: string }
  readonly common_name: string | null
  readonly country: string | null
  readonly csr: string
  readonly expires_on: string
  readonly fingerprint_sha256: string
  readonly issued_on: string
  readonly location: string | null
  readonly organization: string | null
  readonly organizational_unit: string | null
  readonly serial_number: string
  readonly signature: string
  readonly ski: string
  readonly state: string | null
  readonly status: 'active' | 'pending_reactivation' | 'pending_revocation' | 'revoked'
  readonly validity_days: number
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
  readonly ruleset: Ruleset
  readonly certificate_authority: CertificateAuthority
  readonly authority_key: AuthorityKey
  readonly hostname_association: HostnameAssociation
  readonly client_certificate: ClientCertificate
  readonly provenance: Provenance
  readonly seed_report: SeedReport
}

export type Collection = keyof Resources
