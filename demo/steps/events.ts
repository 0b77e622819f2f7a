/** Why a request was stopped: the client is told little, the security event under the same ray id everything. */
import * as z from 'zod/mini'
import type { Step, World } from './step.ts'

/** Looks up the events of a request by the ray id that its client was given; saw: what they say. */
export function explain(what: string): Step['run'] {
  return async (world, { rays }) => {
    const ray = rays[what]
    if (ray === undefined) return { saw: 'the client was given no ray id' }
    const events = await readEvents(world, { ray_id: ray })
    return { saw: events.map(describe).join(' | ') || 'no event' }
  }
}

/** Looks up the latest event that stopped nothing; saw: what it says. */
export function explainLatestLogged(): Step['run'] {
  return async (world) => {
    const events = await readEvents(world, { action: 'log', limit: 1 })
    return { saw: events.map(describe).join(' | ') || 'no event' }
  }
}

const Events = z.object({
  result: z.array(
    z.object({
      action: z.string(),
      source: z.string(),
      rule_description: z.string(),
      findings: z.array(z.object({ detector: z.string(), reason: z.string() })),
      violations: z.array(
        z.object({
          location: z.string(),
          target: z.string(),
          error_class: z.string(),
          error_detail: z.string(),
        }),
      ),
    }),
  ),
})

type Event = z.infer<typeof Events>['result'][number]

type Query = { readonly ray_id: string } | { readonly action: 'log'; readonly limit: number }

async function readEvents({ client, edge }: World, query: Query): Promise<readonly Event[]> {
  const answer = await client.get<unknown>(`/zones/${edge.zoneId}/portcullis/events`, { query })
  return Events.parse(answer).result
}

/** Action, rule and the last finding, which is what the rule went by; in a violation also where and what. */
function describe({ action, source, rule_description, findings, violations }: Event): string {
  const seen = violations.map(
    ({ location, target, error_class, error_detail }) =>
      `${location} ${target} ${error_class} ${error_detail}`,
  )
  const found = findings.map(({ detector, reason }) => `${detector} ${reason}`)
  return [`${action} by ${source} "${rule_description}"`, ...(seen.length > 0 ? seen : found)].join(
    ', ',
  )
}
