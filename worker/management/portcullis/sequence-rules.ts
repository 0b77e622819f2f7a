/**
 * Sequence rules over several steps. A rule is known by its id and has a `ref` of its own, by which a file finds it again;
 * what its steps name must be saved operations. Answered is what is stored, with `operations` and whole seconds in each step,
 * and it may be put back as it is.
 */
import * as z from 'zod/mini'
import { operationsOfSequence, readSequence } from '#engines/rule-files'
import { err, ok, type Result } from '#engines/result'
import type { SequenceContent } from '#engines/sequences'
import type { Documents } from '../../storage/ports.ts'
import { readBody } from '../body.ts'
import { problem, type Problems } from '../envelope.ts'
import type { Call, Outcome } from '../handler.ts'
import { LIMITS } from '../limits.ts'
import { paginate, readPage } from '../pagination.ts'
import { forgetting, provenanceId } from '../provenance.ts'
import { rulesetPorts } from '../rulesets/next-ruleset.ts'
import { ruleProblem } from '../rulesets/read-rules.ts'
import { transact } from '../transaction.ts'
import { nextSequenceRule } from './sequence-rules/next-rule.ts'

const BODY = z.looseObject({})

export async function listSequenceRules({ ports, query }: Call): Promise<Outcome> {
  const page = readPage(query)
  if (!page.ok) return page
  const { documents } = await ports.zone.read({ sequence_rule: 'all' })
  return ok(paginate(documents.sequence_rule, page.value))
}

export async function getSequenceRule({ ports, param }: Call): Promise<Outcome> {
  const { documents } = await ports.zone.read({ sequence_rule: [param('rule_id')] })
  const [rule] = documents.sequence_rule
  return rule === undefined ? problem('not_found') : ok({ result: rule })
}

export async function createSequenceRule(call: Call): Promise<Outcome> {
  return save(call, 'portcullis.sequence_rules.create', null)
}

/** Replaces all that the rule says; what the body leaves out is as in a new rule. */
export async function updateSequenceRule(call: Call): Promise<Outcome> {
  return save(call, 'portcullis.sequence_rules.update', call.param('rule_id'))
}

export async function deleteSequenceRule({ ports, param, actor }: Call): Promise<Outcome> {
  const id = param('rule_id')
  const selection = { sequence_rule: [id], provenance: [provenanceId('sequence_rule', id)] }
  const action = 'portcullis.sequence_rules.delete'
  return transact(ports, { selection, actor, action }, async (documents) => {
    if (documents.sequence_rule.length === 0) return problem('not_found')
    const memory = forgetting(documents, 'sequence_rule', id)
    return ok({
      puts: [],
      deletes: [{ collection: 'sequence_rule', id }, ...memory],
      result: { id },
    })
  })
}

/** `id` is that of the rule to be replaced, `null` for a new one. */
async function save(call: Call, action: string, id: string | null): Promise<Outcome> {
  const { ports, request, actor } = call
  const body = await readBody(request, BODY)
  if (!body.ok) return body
  const { id: _id, last_updated: _date, ...written } = body.value
  const read = readWritten(written)
  if (!read.ok) return read
  const using = rulesetPorts(ports)
  const selection = { sequence_rule: 'all', operation: operationsOfSequence(read.value) } as const
  return transact(ports, { selection, actor, action }, async (documents) => {
    const stored = documents.sequence_rule.find((rule) => rule.id === id)
    if (id !== null && stored === undefined) return problem('not_found')
    const content = readWritten(written, documents)
    if (!content.ok) return content
    const { ref } = content.value
    const others = documents.sequence_rule.filter((rule) => rule !== stored)
    if (others.some((rule) => rule.ref === ref)) {
      return problem('sequence_rule_exists', undefined, '/ref')
    }
    if (others.length >= LIMITS.sequenceRulesMax) {
      const text = `There may be at most ${LIMITS.sequenceRulesMax} sequence rules.`
      return problem('limit_reached', text)
    }
    const rule = nextSequenceRule(stored, content.value, using)
    return ok({
      puts: rule === stored ? [] : [{ collection: 'sequence_rule', id: rule.id, body: rule }],
      deletes: [],
      result: rule,
    })
  })
}

/** With documents the operations are looked for, too. */
function readWritten(
  written: unknown,
  documents?: Pick<Documents, 'operation'>,
): Result<SequenceContent, Problems> {
  const saved = documents?.operation.map(({ operation_id }) => operation_id)
  const read = readSequence(written, saved === undefined ? undefined : new Set(saved))
  return read.ok ? read : err(read.error.map((each) => ruleProblem(each, '')))
}
