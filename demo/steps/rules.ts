/** The rules in force, read and written through the official SDK as an operator's own program would. */
import * as z from 'zod/mini'
import { seedRunning } from '../../cli/seed-running.ts'
import type { Step, World } from './step.ts'

/** Puts the repository's rules/ and schemas/ into force; saw: how much of each came about. */
export function seedFrom(root: string): Step['run'] {
  return async ({ edge }) => {
    const { httpUrl: url, apiToken: token, zoneId } = edge
    const outcome = await seedRunning({ url, token, zoneId, root })
    if (outcome.kind !== 'seeded') return { saw: JSON.stringify(outcome) }
    const { created, errors } = outcome.report
    return { saw: errors.length > 0 ? JSON.stringify(errors) : countKinds(created) }
  }
}

/** Puts one rule in front of the others: who has no valid certificate is only noted (`log`) or stopped (`block`). */
export function requireCertificate(action: 'log' | 'block'): Step['run'] {
  return async (world) => {
    const { client, edge } = world
    const others = (await readRules(world)).filter(({ ref }) => ref !== CERTIFICATE_RULE.ref)
    const updated = await client.rulesets.phases.update(PHASE, {
      zone_id: edge.zoneId,
      rules: [{ ...CERTIFICATE_RULE, action }, ...others],
    })
    const { rules } = Ruleset.parse(updated)
    return { saw: rules.map((rule) => `${rule.action} ${rule.description}`).join(', ') }
  }
}

/** `rule/a`, `rule/b`, `schema/c` → `2 rule, 1 schema`. */
function countKinds(names: readonly string[]): string {
  const byKind = Object.groupBy(names, (name) => name.split('/', 1)[0] ?? '')
  return Object.entries(byKind)
    .map(([kind, all]) => `${all?.length ?? 0} ${kind}`)
    .join(', ')
}

const PHASE = 'http_request_firewall_custom'

const CERTIFICATE_RULE = {
  ref: 'client-certificate-required',
  description: 'no valid client certificate',
  expression: 'not cf.tls_client_auth.cert_verified',
}

const ruleMembers = {
  id: z.string(),
  ref: z.string(),
  description: z.string(),
  expression: z.string(),
  enabled: z.boolean(),
}

/** The SDK leaves the shape of a ruleset open. */
const Ruleset = z.object({
  rules: z.array(
    z.discriminatedUnion('action', [
      z.object({ ...ruleMembers, action: z.literal('log') }),
      z.object({ ...ruleMembers, action: z.literal('block') }),
    ]),
  ),
})

async function readRules({ client, edge }: World): Promise<z.infer<typeof Ruleset>['rules']> {
  const ruleset = await client.rulesets.phases.get(PHASE, { zone_id: edge.zoneId })
  return Ruleset.parse(ruleset).rules
}
