/**
 * The zone's configuration compiled for judging requests: immutable, replaced as a whole. Parts that did not change are
 * carried over from the previous snapshot together with what was compiled from them.
 */
import { compileOperations, type OperationMatcher } from '#engines/paths'
import type { PublishedZone } from '../storage/collections.ts'
import type { RawSnapshot } from '../storage/ports.ts'
import type { Operation, SessionIdentifier } from '../storage/resources.ts'
import { PHASES } from './phases.ts'
import type { CompiledRule } from './rule.ts'
import { createSchemaRegistry, type SchemaRegistry } from './schema-registry.ts'
import { createTrustStore, type TrustStore } from './trust-store.ts'

export type Snapshot = {
  readonly version: number
  readonly operations: OperationMatcher<Operation>
  /** The rules of all phases in the order in which they are asked. */
  readonly rules: readonly CompiledRule[]
  readonly schemas: SchemaRegistry
  readonly trust: TrustStore
  readonly sessionIdentifiers: readonly SessionIdentifier[]
  /** What it was compiled from. */
  readonly zone: PublishedZone
}

const EMPTY_ZONE: PublishedZone = {
  operation: [],
  operation_setting: [],
  schema_settings: [],
  configuration: [],
  schema_profile: [],
  ruleset: [],
  certificate_authority: [],
  hostname_association: [],
  client_certificate: [],
}

/** @throws when the configuration does not compile; it was checked when it was written, so that is a bug or damage. */
export function compileSnapshot(
  { version, parts: zone }: RawSnapshot,
  previous: Snapshot | null,
): Snapshot {
  const old = previous?.zone
  const operations =
    previous !== null && old?.operation === zone.operation
      ? previous.operations
      : compileOperations(zone.operation)
  const schemas =
    previous !== null &&
    old?.schema_profile === zone.schema_profile &&
    old.operation === zone.operation
      ? previous.schemas
      : createSchemaRegistry(zone)
  const trust =
    previous !== null && old?.certificate_authority === zone.certificate_authority
      ? previous.trust.with(zone)
      : createTrustStore(zone)
  return {
    version,
    operations,
    schemas,
    trust,
    rules: PHASES.flatMap((phase) => phase.compile(zone, schemas.operationIds)),
    sessionIdentifiers: zone.configuration[0]?.auth_id_characteristics ?? [],
    zone,
  }
}

/** Stands in while no configuration could be loaded; nothing is let through on it. */
export const EMPTY_SNAPSHOT: Snapshot = compileSnapshot({ version: 0, parts: EMPTY_ZONE }, null)
