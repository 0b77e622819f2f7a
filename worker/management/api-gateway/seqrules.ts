/**
 * Cloudflare's sequence rules: what is done about the second of two operations, with or without the first before it. They
 * are asked in the order of their priority. Cloudflare's older description has the priority in a rule, its newer one the
 * position: both are taken and both are answered. What a rule names must be saved operations, and these cannot go before it.
 */
import * as z from 'zod/mini'
import { err, ok, type Result } from '#engines/result'
import { SINGLETON } from '../../storage/collections.ts'
import type { Documents } from '../../storage/ports.ts'
import type { Seqrule } from '../../storage/resources/sequences.ts'
import { readBody } from '../body.ts'
import { type Problem, problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { placed, POSITION } from '../rulesets/position.ts'
import { transact } from '../transaction.ts'

const PRIORITY = z
  .int()
  .check(z.minimum(-LIMITS.seqrulePriorityMax), z.maximum(LIMITS.seqrulePriorityMax))

const MEMBERS = {
  title: z.string().check(z.minLength(1), z.maxLength(LIMITS.seqruleTitleCharactersMax)),
  kind: z.enum(['allow', 'block']),
  action: z.enum(['log', 'block']),
  sequence: z.tuple([z.string(), z.string()]),
  priority: z.exactOptional(PRIORITY),
}

const NEW_SEQRULE = z.object({ ...MEMBERS, position: POSITION })

/** What GET answers may be put back; the order says what `position` would. */
const SEQRULES = z.object({
  rules: z
    .array(z.object({ ...MEMBERS, id: z.exactOptional(z.string()) }))
    .check(z.maxLength(LIMITS.sequenceRulesMax)),
})

type WrittenSeqrule = z.infer<typeof SEQRULES>['rules'][number]

export async function getSeqrules({ ports }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ seqrules: [SINGLETON] })
  return ok({ result: { rules: rulesOf(documents).map(printed) } })
}

/** Replaces all of them. A rule with the id of one that is there stays that rule; other ids are made anew. */
export async function updateSeqrules(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, SEQRULES)
  if (!body.ok) return body
  const drafts = body.value.rules.map((written) => ({ written, newId: call.ports.uuid() }))
  const change = { action: 'api_gateway.seqrules.update', named: operationsOf(body.value.rules) }
  return changeSeqrules(call, change, ({ rules, unknown, now }) => {
    const problems = [
      ...drafts.flatMap(({ written }, index) =>
        sequenceProblems(written, unknown, `/rules/${index}`),
      ),
      ...repeatedIds(body.value.rules),
    ]
    if (problems.length > 0) return err(problems)
    const known = new Map(rules.map((rule) => [rule.id, rule]))
    const next = ordered(
      drafts.map(({ written, newId }) =>
        nextSeqrule(written, known.get(written.id ?? ''), { newId, now }),
      ),
    )
    return ok({ rules: next, result: { rules: next.map(printed) } })
  })
}

/** Last, unless the body has a priority or a position. */
export async function createSeqrule(call: Call): Promise<Outcome> {
  const body = await readBody(call.request, NEW_SEQRULE)
  if (!body.ok) return body
  const { position, ...written } = body.value
  if (position !== undefined && written.priority !== undefined) {
    return problem('invalid_rule', 'This goes without a priority.', '/position')
  }
  const newId = call.ports.uuid()
  const change = { action: 'api_gateway.seqrules.create', named: written.sequence }
  return changeSeqrules(call, change, ({ rules, unknown, now }) => {
    const problems = sequenceProblems(written, unknown, '')
    if (problems.length > 0) return err(problems)
    const priority = written.priority ?? Math.min(0, rules.at(-1)?.priority ?? 0)
    const rule = nextSeqrule({ ...written, priority }, undefined, { newId, now })
    if (position === undefined) return added(rule, ordered([...rules, rule]))
    const asked = placed(rule, rules, position)
    if (!asked.ok) return asked
    // It gets the priority of the rule that it stands before, so that the priorities still say the order.
    const at = asked.value.indexOf(rule)
    const neighbour = asked.value[at + 1] ?? asked.value[at - 1]
    const fitting = { ...rule, priority: neighbour?.priority ?? 0 }
    return added(fitting, asked.value.with(at, fitting))
  })
}

export async function deleteSeqrule(call: Call): Promise<Outcome> {
  const id = call.param('rule_id')
  return changeSeqrules(call, { action: 'api_gateway.seqrules.delete', named: [] }, ({ rules }) => {
    const left = rules.filter((rule) => rule.id !== id)
    return left.length === rules.length ? problem('not_found') : ok({ rules: left, result: { id } })
  })
}

type SeqrulesChange = {
  /** For the audit log. */
  readonly action: string
  /** Ids of the operations that the body names. */
  readonly named: readonly string[]
}

type SeqrulesState = {
  readonly rules: readonly Seqrule[]
  /** Of the operations that the body names, those that are not saved. */
  readonly unknown: ReadonlySet<string>
  /** RFC 3339. */
  readonly now: string
}

type SeqrulesStep = { readonly rules: readonly Seqrule[]; readonly result: unknown }

async function changeSeqrules(
  { ports, actor }: Call,
  { action, named }: SeqrulesChange,
  step: (state: SeqrulesState) => Result<SeqrulesStep, Problems>,
): Promise<Outcome> {
  const selection = { seqrules: [SINGLETON], operation: [...new Set(named)] }
  return transact(ports, { selection, actor, action }, async (documents) => {
    const saved = new Set(documents.operation.map(({ operation_id: id }) => id))
    const unknown = new Set(named.filter((id) => !saved.has(id)))
    const now = new Date(ports.nowMs()).toISOString()
    const before = rulesOf(documents)
    const next = step({ rules: before, unknown, now })
    if (!next.ok) return next
    const { rules, result } = next.value
    if (rules.length > LIMITS.sequenceRulesMax) {
      const text = `There may be at most ${LIMITS.sequenceRulesMax} sequence rules.`
      return problem('limit_reached', text)
    }
    const isSame =
      rules.length === before.length && rules.every((rule, index) => rule === before[index])
    return ok({
      puts: isSame ? [] : [{ collection: 'seqrules', id: SINGLETON, body: { rules } }],
      deletes: [],
      result,
    })
  })
}

function rulesOf({ seqrules }: Pick<Documents, 'seqrules'>): readonly Seqrule[] {
  return seqrules.flatMap(({ rules }) => rules)
}

function operationsOf(rules: readonly WrittenSeqrule[]): readonly string[] {
  return rules.flatMap(({ sequence }) => sequence)
}

/** `pointer` leads to the rule in the body. */
function sequenceProblems(
  { kind, sequence: [first, second] }: Pick<WrittenSeqrule, 'kind' | 'sequence'>,
  unknown: ReadonlySet<string>,
  pointer: string,
): Problems {
  const strangers = [first, second].flatMap((id, index): readonly Problem[] => {
    if (!unknown.has(id)) return []
    const message = 'There is no saved operation with this id.'
    return [{ error: 'invalid_rule', message, pointer: `${pointer}/sequence/${index}` }]
  })
  if (strangers.length > 0 || kind === 'block' || first !== second) return strangers
  const message = 'Nobody could ever begin with an operation that must come before itself.'
  return [{ error: 'invalid_rule', message, pointer: `${pointer}/sequence` }]
}

function repeatedIds(rules: readonly WrittenSeqrule[]): Problems {
  const ids = rules.map(({ id }) => id)
  return ids.flatMap((id, index): readonly Problem[] => {
    if (id === undefined || ids.indexOf(id) === index) return []
    const message = 'Another rule has the same id.'
    return [{ error: 'invalid_rule', message, pointer: `/rules/${index}/id` }]
  })
}

/** The very same object when nothing changes. */
function nextSeqrule(
  { title, kind, action, sequence, priority = 0 }: WrittenSeqrule,
  stored: Seqrule | undefined,
  { newId, now }: { readonly newId: string; readonly now: string },
): Seqrule {
  const content = { title, kind, action, sequence, priority }
  if (stored === undefined) return { id: newId, ...content, created_at: now, last_updated: now }
  const next = { ...stored, ...content }
  return JSON.stringify(next) === JSON.stringify(stored) ? stored : { ...next, last_updated: now }
}

/** Rules of one priority stay in their order. */
function ordered(rules: readonly Seqrule[]): readonly Seqrule[] {
  return rules.toSorted((a, b) => b.priority - a.priority)
}

function added(rule: Seqrule, rules: readonly Seqrule[]): Result<SeqrulesStep, Problems> {
  return ok({ rules, result: printed(rule, rules.indexOf(rule)) })
}

type PrintedSeqrule = Seqrule & {
  /** Counts from 1. */
  readonly position: number
}

function printed(rule: Seqrule, index: number): PrintedSeqrule {
  return { ...rule, position: index + 1 }
}
