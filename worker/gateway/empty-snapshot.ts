/** Stands in while no configuration could be loaded; nothing is let through on it. */
import type { PublishedZone } from '../storage/collections.ts'
import { compileSnapshot, type Snapshot } from './snapshot.ts'

const EMPTY_ZONE: PublishedZone = {
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
}

export const EMPTY_SNAPSHOT: Snapshot = compileSnapshot({ version: 0, parts: EMPTY_ZONE }, null)
