/** The routes of token validation: those of Cloudflare and, below `portcullis/`, those of ours. */
import { type Route, Z } from '../route.ts'
import { getTokenKeys } from '../portcullis/token-keys.ts'
import {
  createTokenRevocation,
  deleteTokenRevocation,
  listTokenRevocations,
} from '../portcullis/token-revocations.ts'
import {
  createTokenConfiguration,
  deleteTokenConfiguration,
  editTokenConfiguration,
  getTokenConfiguration,
  listTokenConfigurations,
} from '../token-validation/configuration.ts'
import {
  editCredentials,
  updateCredentials,
} from '../token-validation/configuration/credentials.ts'
import {
  createTokenRule,
  deleteTokenRule,
  editTokenRule,
  getTokenRule,
  listTokenRules,
} from '../token-validation/rules.ts'
import { bulkCreateTokenRules, bulkEditTokenRules } from '../token-validation/rules/bulk.ts'
import { previewTokenRule } from '../token-validation/rules/preview.ts'

const CONFIGURATIONS = `${Z}/token_validation/config`
const RULES = `${Z}/token_validation/rules`
const OURS = `${Z}/portcullis/token_validation`

export const TOKEN_VALIDATION_ROUTES: readonly Route[] = [
  {
    path: CONFIGURATIONS,
    methods: { GET: listTokenConfigurations, POST: createTokenConfiguration },
  },
  {
    path: `${CONFIGURATIONS}/:config_id`,
    methods: {
      GET: getTokenConfiguration,
      PATCH: editTokenConfiguration,
      DELETE: deleteTokenConfiguration,
    },
  },
  {
    path: `${CONFIGURATIONS}/:config_id/credentials`,
    methods: { PUT: updateCredentials, PATCH: editCredentials },
  },
  { path: RULES, methods: { GET: listTokenRules, POST: createTokenRule } },
  { path: `${RULES}/bulk`, methods: { POST: bulkCreateTokenRules, PATCH: bulkEditTokenRules } },
  // The documentation names the one method and shows the other.
  { path: `${RULES}/preview`, methods: { POST: previewTokenRule, PUT: previewTokenRule } },
  {
    path: `${RULES}/:rule_id`,
    methods: { GET: getTokenRule, PATCH: editTokenRule, DELETE: deleteTokenRule },
  },
  { path: `${OURS}/config/:config_id/keys`, methods: { GET: getTokenKeys } },
  {
    path: `${OURS}/revocations`,
    methods: { GET: listTokenRevocations, POST: createTokenRevocation },
  },
  { path: `${OURS}/revocations/:revocation_id`, methods: { DELETE: deleteTokenRevocation } },
]
