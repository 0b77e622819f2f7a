/** The expression of a rule that acts on requests to these hosts which call no saved operation. Nothing is stored. */
import * as z from 'zod/mini'
import { ok } from '#engines/result'
import { readBody } from '../../body.ts'
import { readHostnames } from '../../hostnames.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'

const BODY = z.object({
  hosts: z.array(z.string()).check(z.minLength(1), z.maxLength(LIMITS.hostnamesMax)),
})

export async function createFallthroughTemplate({ request }: Call): Promise<Outcome> {
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const hosts = readHostnames(body.value.hosts, '/hosts')
  if (!hosts.ok) return hosts
  const set = hosts.value.map((host) => JSON.stringify(host)).join(' ')
  return ok({
    result: {
      title: 'Fallthrough: the request calls no saved operation',
      expression: `(cf.api_gateway.fallthrough_detected and http.host in {${set}})`,
    },
  })
}
