/**
 * The management API: the one list of its routes, and the way every call goes. Settings, authentication and the ids of
 * zone and account are checked before a handler runs; every answer is a v4 envelope, also when a handler fails.
 */
import { Hono } from 'hono'
import { logFailure } from '../log.ts'
import { managementProblems } from '../settings.ts'
import { API_GATEWAY_ROUTES } from './api-gateway/routes.ts'
import { authenticate } from './authentication.ts'
import {
  getHostnameAssociations,
  updateHostnameAssociations,
} from './certificate-authorities/hostname-associations.ts'
import {
  createClientCertificate,
  deleteClientCertificate,
  editClientCertificate,
  getClientCertificate,
  listClientCertificates,
} from './client-certificates.ts'
import { answered, refused } from './envelope.ts'
import type { ManagementPorts } from './ports.ts'
import { listAudit } from './portcullis/audit.ts'
import { listEvents } from './portcullis/events.ts'
import { getSeed, reconcileSeedNow, replaceSeed } from './portcullis/seed.ts'
import { A, type Route, Z } from './route.ts'
import { createList, deleteList, getList, listLists, updateList } from './rules/lists.ts'
import { getBulkOperation } from './rules/lists/bulk-operations.ts'
import { createItems, deleteItems, getItem, listItems, updateItems } from './rules/lists/items.ts'
import {
  getEntrypoint,
  getEntrypointVersion,
  listEntrypointVersions,
  updateEntrypoint,
} from './rulesets/phases.ts'
import { createRule, deleteRule, editRule } from './rulesets/rules.ts'
import {
  createRuleset,
  deleteRuleset,
  getRuleset,
  listRulesets,
  updateRuleset,
} from './rulesets/rulesets.ts'
import { deleteVersion, getVersion, listVersions } from './rulesets/versions.ts'
import {
  createSchema,
  deleteSchema,
  editSchema,
  getSchema,
  listSchemas,
} from './schema-validation/schemas.ts'
import { editSettings, getSettings, updateSettings } from './schema-validation/settings.ts'
import {
  bulkEditOperationSettings,
  deleteOperationSetting,
  getOperationSetting,
  listOperationSettings,
  updateOperationSetting,
} from './schema-validation/settings/operations.ts'
import { verifyToken } from './user/tokens.ts'
import { getZone } from './zones.ts'

const BASE = '/client/v4'
const LISTS = `${A}/rules/lists`
const OPERATION_SETTINGS = `${Z}/schema_validation/settings/operations`

/** In the order of the official SDK's resource tree; a literal path stands before the parameter that would match it. */
const ROUTES: readonly Route[] = [
  { path: '/user/tokens/verify', methods: { GET: verifyToken } },
  { path: Z, methods: { GET: getZone } },
  {
    path: `${Z}/client_certificates`,
    methods: { GET: listClientCertificates, POST: createClientCertificate },
  },
  {
    path: `${Z}/client_certificates/:client_certificate_id`,
    methods: {
      GET: getClientCertificate,
      PATCH: editClientCertificate,
      DELETE: deleteClientCertificate,
    },
  },
  {
    path: `${Z}/certificate_authorities/hostname_associations`,
    methods: { GET: getHostnameAssociations, PUT: updateHostnameAssociations },
  },
  ...API_GATEWAY_ROUTES,
  { path: `${Z}/schema_validation/schemas`, methods: { GET: listSchemas, POST: createSchema } },
  {
    path: `${Z}/schema_validation/schemas/:schema_id`,
    methods: { GET: getSchema, PATCH: editSchema, DELETE: deleteSchema },
  },
  {
    path: `${Z}/schema_validation/settings`,
    methods: { GET: getSettings, PUT: updateSettings, PATCH: editSettings },
  },
  {
    path: OPERATION_SETTINGS,
    methods: { GET: listOperationSettings, PATCH: bulkEditOperationSettings },
  },
  {
    path: `${OPERATION_SETTINGS}/:operation_id`,
    methods: {
      GET: getOperationSetting,
      PUT: updateOperationSetting,
      DELETE: deleteOperationSetting,
    },
  },
  ...rulesetRoutes(Z),
  ...rulesetRoutes(A),
  { path: LISTS, methods: { GET: listLists, POST: createList } },
  { path: `${LISTS}/bulk_operations/:operation_id`, methods: { GET: getBulkOperation } },
  { path: `${LISTS}/:list_id`, methods: { GET: getList, PUT: updateList, DELETE: deleteList } },
  {
    path: `${LISTS}/:list_id/items`,
    methods: { GET: listItems, POST: createItems, PUT: updateItems, DELETE: deleteItems },
  },
  { path: `${LISTS}/:list_id/items/:item_id`, methods: { GET: getItem } },
  { path: `${Z}/portcullis/events`, methods: { GET: listEvents } },
  { path: `${Z}/portcullis/audit`, methods: { GET: listAudit } },
  {
    path: `${Z}/portcullis/seed`,
    methods: { GET: getSeed, PUT: replaceSeed, POST: reconcileSeedNow },
  },
]

/** The zone and the account have rulesets of their own, and the same calls for them. */
function rulesetRoutes(owner: string): readonly Route[] {
  const rulesets = `${owner}/rulesets`
  const entrypoint = `${rulesets}/phases/:phase/entrypoint`
  const ruleset = `${rulesets}/:ruleset_id`
  return [
    { path: rulesets, methods: { GET: listRulesets, POST: createRuleset } },
    { path: entrypoint, methods: { GET: getEntrypoint, PUT: updateEntrypoint } },
    { path: `${entrypoint}/versions`, methods: { GET: listEntrypointVersions } },
    { path: `${entrypoint}/versions/:version`, methods: { GET: getEntrypointVersion } },
    {
      path: ruleset,
      methods: { GET: getRuleset, PUT: updateRuleset, DELETE: deleteRuleset },
    },
    { path: `${ruleset}/rules`, methods: { POST: createRule } },
    { path: `${ruleset}/rules/:rule_id`, methods: { PATCH: editRule, DELETE: deleteRule } },
    { path: `${ruleset}/versions`, methods: { GET: listVersions } },
    { path: `${ruleset}/versions/:version`, methods: { GET: getVersion, DELETE: deleteVersion } },
  ]
}

export type Management = { fetch(request: Request): Promise<Response> }

export function createManagement(ports: ManagementPorts): Management {
  const app = new Hono<{ Variables: { actor: string } }>().basePath(BASE)

  app.use(async function admit(c, next) {
    const problems = managementProblems(ports.settings)
    if (problems.length > 0) {
      return refused(problems.map((message) => ({ error: 'not_configured', message })))
    }
    const actor = await authenticate(c.req.raw, ports.settings.API_TOKEN)
    if (actor === null) {
      return refused([{ error: 'authentication_error' }], { 'www-authenticate': 'Bearer' })
    }
    c.set('actor', actor)
    return next()
  })

  for (const { path, methods } of ROUTES) {
    const allow = Object.keys(methods).join(', ')
    app.all(path, async function handle(c) {
      const request = c.req.raw
      const { ZONE_ID, ACCOUNT_ID } = ports.settings
      if ((c.req.param('zone_id') ?? ZONE_ID) !== ZONE_ID) {
        return refused([{ error: 'invalid_route', message: 'There is no such zone.' }])
      }
      if ((c.req.param('account_id') ?? ACCOUNT_ID) !== ACCOUNT_ID) {
        return refused([{ error: 'invalid_route', message: 'There is no such account.' }])
      }
      const handler = methods[request.method === 'HEAD' ? 'GET' : request.method]
      if (handler === undefined) return refused([{ error: 'method_not_allowed' }], { allow })
      const outcome = await handler({
        ports,
        request,
        query: new URL(request.url).searchParams,
        param: (name) => c.req.param(name) ?? '',
        actor: c.get('actor'),
      })
      return outcome.ok ? answered(outcome.value) : refused(outcome.error)
    })
  }

  app.notFound(() => refused([{ error: 'invalid_route' }]))

  app.onError((cause, c) => {
    logFailure('management_failed', cause, { method: c.req.method, route: c.req.routePath })
    return refused([{ error: 'internal_error' }])
  })

  return { fetch: async (request) => app.fetch(request) }
}
