/**
 * The zone's configuration compiled for judging requests: immutable, replaced as a whole. Parts that did not change are
 * carried over from the previous snapshot together with what was compiled from them.
 */
import { compileOperations, type OperationMatcher } from '#engines/paths'
import {
  applyTokenRules,
  compileLists,
  compilePlan,
  type Lists,
  type Plan,
  type Rule,
} from '#engines/rulesets'
import type { PublishedZone } from '../storage/collections.ts'
import type { RawSnapshot } from '../storage/ports.ts'
import type { Operation, SessionIdentifier } from '../storage/resources.ts'
import type { Detector } from './detectors/detector.ts'
import { createDetectorChoice } from './detectors/index.ts'
import { graphqlMitigation } from './graphql-mitigation.ts'
import { compileGraphql, type GraphqlProtection } from './graphql-settings.ts'
import { areKept } from './kept.ts'
import { schemaMitigation } from './schema-mitigation.ts'
import { createSchemaRegistry, type SchemaRegistry } from './schema-registry.ts'
import { compileSessionClaims, type SessionClaims } from './session.ts'
import { createTokenStore, type TokenStore } from './token-store.ts'
import { createTrustStore, type TrustStore } from './trust-store.ts'

export type GatewayRule = Rule<readonly Detector[]>

export type Snapshot = {
  readonly version: number
  readonly operations: OperationMatcher<Operation>
  /** The rules of all phases in the order in which they are asked. */
  readonly plan: Plan<readonly Detector[]>
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
  const detectorsFor = createDetectorChoice({
    tokenIds: zone.token_configuration.map(({ id }) => id),
    sessionTokenIds: sessionClaims.configurationIds,
  })
  const tokenRules = zone.token_rules.flatMap(({ rules }) => rules)
  const plan =
    previous !== null &&
    areKept(before, zone, ...PARTS_OF_PLAN) &&
    (areKept(before, zone, 'operation') || tokenRules.length === 0)
      ? previous.plan
      : compilePlan({
          rulesets: zone.ruleset,
          tokens: applyTokenRules(tokenRules, zone.operation),
          graphql: graphqlMitigation(zone, lists),
          schema: schemaMitigation(zone, schemas.operationIds),
          lists,
          needs: ({ uses }) => detectorsFor(uses),
        })
  return {
    version,
    operations,
    plan,
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

/** Operations too, where token validation rules select among them. */
const PARTS_OF_PLAN = [
  'ruleset',
  'list',
  'schema_profile',
  'schema_settings',
  'operation_setting',
  'token_rules',
  'token_configuration',
  'configuration',
  'graphql_settings',
] as const
