/** The routes of the management API, in the order of the official SDK's resource tree; ours come last. */
import type { Route } from './route.ts'
import { ACCOUNT_ROUTES } from './routes/accounts.ts'
import { API_GATEWAY_ROUTES } from './routes/api-gateway.ts'
import { CERTIFICATE_ROUTES } from './routes/certificates.ts'
import { GRAPHQL_ROUTES } from './routes/graphql.ts'
import { LIST_ROUTES } from './routes/lists.ts'
import { PORTCULLIS_ROUTES } from './routes/portcullis.ts'
import { RULESET_ROUTES } from './routes/rulesets.ts'
import { SCHEMA_VALIDATION_ROUTES } from './routes/schema-validation.ts'
import { TOKEN_VALIDATION_ROUTES } from './routes/token-validation.ts'

/** In each group a literal path stands before the parameter that would match it. */
export const ROUTES: readonly Route[] = [
  ...ACCOUNT_ROUTES,
  ...CERTIFICATE_ROUTES,
  ...API_GATEWAY_ROUTES,
  ...SCHEMA_VALIDATION_ROUTES,
  ...TOKEN_VALIDATION_ROUTES,
  ...RULESET_ROUTES,
  ...LIST_ROUTES,
  ...PORTCULLIS_ROUTES,
  ...GRAPHQL_ROUTES,
]
