/**
 * The zone's configuration compiled for judging requests: immutable, replaced as a whole. Parts that did not change are
 * carried over from the previous snapshot together with what was compiled from them.
 */
import { compileOperations, type OperationMatcher } from '#engines/paths'
import { compileLists, type Lists } from '#engines/rulesets'
import type { PublishedZone } from '../storage/collections.ts'
import type { RawSnapshot } from '../storage/ports.ts'
import type { Operation, SessionIdentifier } from '../storage/resources.ts'
import { compileGraphql, type GraphqlProtection } from './graphql-settings.ts'
import { areKept } from './kept.ts'
import { areRulesKept, compileRules, type GatewayRules } from './rules.ts'
import { createSchemaRegistry, type SchemaRegistry } from './schema-registry.ts'
import { compileSessionClaims, type SessionClaims } from './session.ts'
import { createTokenStore, type TokenStore } from './token-store.ts'
import { createTrustStore, type TrustStore } from './trust-store.ts'

export type Snapshot = {
  readonly version: number
  readonly operations: OperationMatcher<Operation>
  readonly rules: GatewayRules
  readonly lists: Lists
  readonly schemas: SchemaRegistry
  readonly graphql: GraphqlProtection
  readonly trust: TrustStore
  readonly tokens: TokenStore
  readonly sessionIdentifiers: readonly SessionIdentifier[]
  readonly sessionClaims: SessionClaims
  /** What it was compiled from. */
  readonly zone: PublishedZone
}

/** @throws when the configuration does not compile; it was checked when it was written, so that is a bug or damage. */
export function compileSnapshot(
  { version, parts: zone }: RawSnapshot,
  previous: Snapshot | null,
): Snapshot {
  const before = previous?.zone
  const operations =
    previous !== null && areKept(before, zone, 'operation')
      ? previous.operations
      : compileOperations(zone.operation)
  const schemas =
    previous !== null && areKept(before, zone, 'schema_profile')
      ? previous.schemas
      : createSchemaRegistry(zone)
  const graphql =
    previous !== null &&
    areKept(before, zone, 'graphql_settings', 'graphql_document', 'graphql_cost')
      ? previous.graphql
      : compileGraphql(zone)
  const trust = createTrustStore(zone, previous?.trust ?? null)
  const lists =
    previous !== null && areKept(before, zone, 'list') ? previous.lists : compileLists(zone.list)
  const tokens = createTokenStore(zone, previous)
  const sessionIdentifiers = zone.configuration[0]?.auth_id_characteristics ?? []
  const sessionClaims = compileSessionClaims(sessionIdentifiers)
  const rules =
    previous !== null && areRulesKept(before, zone)
      ? previous.rules
      : compileRules({
          zone,
          lists,
          describedOperationIds: schemas.operationIds,
          sessionTokenIds: sessionClaims.configurationIds,
        })
  return {
    version,
    operations,
    rules,
    lists,
    schemas,
    graphql,
    trust,
    tokens,
    sessionIdentifiers,
    sessionClaims,
    zone,
  }
}
