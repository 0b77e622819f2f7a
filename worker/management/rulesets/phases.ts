/**
 * The entry point ruleset of a phase. PUT replaces the rules in one step; every expression is compiled first, and one
 * bad rule refuses the whole ruleset with all that is wrong in it. A ruleset that nobody wrote does not exist.
 */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import { readRule, type RuleIssue } from '#engines/rule-files'
import type { Delete, Documents } from '../../storage/ports.ts'
import type { Ruleset } from '../../storage/resources.ts'
import { jsonPointer, readBody } from '../body.ts'
import { type Problem, problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import type { ManagementPorts } from '../ports.ts'
import { forgetting } from '../provenance.ts'
import { transact } from '../transaction.ts'
import { nextRules, nextRuleset, type RulesetPorts, type WantedRule } from './next-ruleset.ts'

const PHASE = 'http_request_firewall_custom'

const BODY = z.object({
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.rulesetNameCharactersMax))),
  description: z.optional(z.string().check(z.maxLength(LIMITS.descriptionCharactersMax))),
  kind: z.optional(z.literal('zone')),
  phase: z.optional(z.literal(PHASE)),
  rules: z.optional(
    z.array(z.looseObject({ id: z.optional(z.string()) })).check(z.maxLength(LIMITS.rulesMax)),
  ),
})

const SELECTION = { ruleset: 'all', provenance: 'all' } as const

export async function getEntrypoint({ ports, param }: Call): Promise<Outcome> {
  if (param('phase') !== PHASE) return unsupportedPhase(param('phase'))
  const { documents } = await ports.zone.read({ ruleset: 'all' })
  const ruleset = entrypoint(documents)
  return ruleset === undefined ? problem('no_entrypoint') : ok({ result: ruleset })
}

export async function updateEntrypoint({ ports, request, param, actor }: Call): Promise<Outcome> {
  if (param('phase') !== PHASE) return unsupportedPhase(param('phase'))
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const { name, description } = body.value
  const wanted = body.value.rules === undefined ? ok(undefined) : readRules(body.value.rules)
  if (!wanted.ok) return wanted
  const transaction = { selection: SELECTION, actor, action: 'rulesets.phases.update' }
  return transact(ports, transaction, async (documents) => {
    const stored = entrypoint(documents)
    const using = rulesetPorts(ports)
    const rules = wanted.value && nextRules(stored?.rules ?? [], wanted.value, using)
    const clashes = repeated(rules?.map(({ ref }) => ref) ?? [], 'ref')
    if (clashes.length > 0) return err(clashes)
    const ruleset = nextRuleset(stored, { name, description, rules }, using)
    const result = ruleset
    if (ruleset === stored) return ok({ puts: [], deletes: [], result })
    const deletes = stored === undefined ? [] : forgottenRules(documents, stored, ruleset)
    return ok({ puts: [{ collection: 'ruleset', id: ruleset.id, body: ruleset }], deletes, result })
  })
}

/** The zone has one ruleset a phase, and one phase. */
export function entrypoint(documents: Documents): Ruleset | undefined {
  return documents.ruleset.find(({ phase }) => phase === PHASE)
}

/** Cloudflare's ids of rulesets and rules are UUIDs without their dashes. */
export function rulesetPorts(ports: ManagementPorts): RulesetPorts {
  return {
    now: new Date(ports.nowMs()).toISOString(),
    newId: () => ports.uuid().replaceAll('-', ''),
  }
}

function readRules(
  rules: readonly { readonly id?: string | undefined }[],
): Result<readonly WantedRule[], Problems> {
  const problems: Problem[] = []
  const wanted: WantedRule[] = []
  for (const [index, rule] of rules.entries()) {
    const read = readRule(rule)
    if (read.ok) wanted.push({ id: rule.id, content: read.value })
    else problems.push(...read.error.map((issue) => ruleProblem(issue, index)))
  }
  problems.push(
    ...repeated(
      wanted.map(({ id }) => id),
      'id',
    ),
  )
  return problems.length > 0 ? err(problems) : ok(wanted)
}

function ruleProblem({ about, path, message }: RuleIssue, index: number): Problem {
  const pointer = jsonPointer(['rules', index, ...path])
  return { error: about === 'expression' ? 'invalid_expression' : 'invalid_rule', message, pointer }
}

function repeated(names: readonly (string | undefined)[], member: string): readonly Problem[] {
  return names.flatMap((name, index): Problem[] =>
    name === undefined || names.indexOf(name) === index
      ? []
      : [
          {
            error: 'invalid_rule',
            message: `Another rule of the ruleset has the same ${member}.`,
            pointer: `/rules/${index}/${member}`,
          },
        ],
  )
}

/** A rule that leaves the ruleset leaves no memory of its file behind. */
function forgottenRules(documents: Documents, before: Ruleset, after: Ruleset): readonly Delete[] {
  const kept = new Set(after.rules.map(({ id }) => id))
  const gone = before.rules.filter(({ id }) => !kept.has(id))
  return gone.flatMap(({ id }) => forgetting(documents, 'rule', id))
}

function unsupportedPhase(phase: string): ReturnType<typeof problem> {
  return problem(
    'unsupported_phase',
    `The phase "${phase.slice(0, 60)}" is not supported; ${PHASE} is.`,
  )
}
