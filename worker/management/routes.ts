/**
 * The management API: the one list of its routes, and the way every call goes. Settings, authentication and the ids of
 * zone and account are checked before a handler runs; every answer is a v4 envelope, also when a handler fails.
 */
import { Hono } from 'hono'
import { logFailure } from '../log.ts'
import { managementProblems } from '../settings.ts'
import { getConfiguration, updateConfiguration } from './api-gateway/configurations.ts'
import {
  bulkCreateOperations,
  bulkDeleteOperations,
  createOperation,
  deleteOperation,
  getOperation,
  listOperations,
} from './api-gateway/operations.ts'
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
import type { Handler } from './handler.ts'
import type { ManagementPorts } from './ports.ts'
import { listAudit } from './portcullis/audit.ts'
import { listEvents } from './portcullis/events.ts'
import { getSeed, reconcileSeedNow, replaceSeed } from './portcullis/seed.ts'
import { getEntrypoint, updateEntrypoint } from './rulesets/phases.ts'
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
const Z = '/zones/:zone_id'
const ENTRYPOINT = `${Z}/rulesets/phases/:phase/entrypoint`
const OPERATION_SETTINGS = `${Z}/schema_validation/settings/operations`

type Route = {
  readonly path: string
  readonly methods: { readonly [method: string]: Handler }
}

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
  {
    path: `${Z}/api_gateway/configuration`,
    methods: { GET: getConfiguration, PUT: updateConfiguration },
  },
  {
    path: `${Z}/api_gateway/operations`,
    methods: {
      GET: listOperations,
      POST: bulkCreateOperations,
      DELETE: bulkDeleteOperations,
    },
  },
  { path: `${Z}/api_gateway/operations/item`, methods: { POST: createOperation } },
  {
    path: `${Z}/api_gateway/operations/:operation_id`,
    methods: { GET: getOperation, DELETE: deleteOperation },
  },
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
  { path: ENTRYPOINT, methods: { GET: getEntrypoint, PUT: updateEntrypoint } },
  { path: `${Z}/portcullis/events`, methods: { GET: listEvents } },
  { path: `${Z}/portcullis/audit`, methods: { GET: listAudit } },
  {
    path: `${Z}/portcullis/seed`,
    methods: { GET: getSeed, PUT: replaceSeed, POST: reconcileSeedNow },
  },
]

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
      const zoneId = c.req.param('zone_id')
      if (zoneId !== undefined && zoneId !== ports.settings.ZONE_ID) {
        return refused([{ error: 'invalid_route', message: 'There is no such zone.' }])
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
