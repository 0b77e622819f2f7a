/**
 * The management API: the way every call goes. Settings, authentication and the ids of zone and account are checked before
 * a handler runs; every answer is a v4 envelope, also when a handler fails.
 */
import { Hono } from 'hono'
import { logFailure } from '../log.ts'
import { managementProblems } from '../settings.ts'
import { authenticate } from './authentication.ts'
import { answered, refused } from './envelope.ts'
import type { ManagementPorts } from './ports.ts'
import { ROUTES } from './routes.ts'

const BASE = '/client/v4'

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
