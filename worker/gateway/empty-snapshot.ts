/** Stands in while no configuration could be loaded; nothing is let through on it. */
import type { PublishedZone } from '../storage/collections.ts'
import { compileSnapshot, type Snapshot } from './snapshot.ts'

export const EMPTY_ZONE: PublishedZone = {
  operation: [],
  operation_setting: [],
  schema_settings: [],
  configuration: [],
  schema_profile: [],
  ruleset: [],
  list: [],
  certificate_authority: [],
  hostname_association: [],
  client_certificate: [],
  mtls_certificate: [],
  revocation_list: [],
  revocation_list_part: [],
  token_configuration: [],
  token_rules: [],
  token_revocation: [],
  graphql_settings: [],
  graphql_document: [],
  graphql_cost: [],
  seqrules: [],
  sequence_rule: [],
}

export const EMPTY_SNAPSHOT: Snapshot = compileSnapshot({ version: 0, parts: EMPTY_ZONE }, null)
