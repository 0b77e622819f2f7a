/** The rules that a replay asks, as its report lists them: in the order of their phases, each with what it reads. */
import { compileExpression, compileValueExpression } from '#engines/expressions'
import type { RateRule } from '#engines/rulesets'
import { type Enforced, sequenceId } from './enforced.ts'
import type { FileRuleset, FileRulesets } from './rulesets.ts'
import type { DescribedOperation } from './schemas.ts'
import { type Told, unknownFields } from './unknown-fields.ts'

export type ListedRule = {
  /** Unlike that of any other. */
  readonly id: string
  /** As its file calls it. */
  readonly name: string
  readonly ruleset: string | null
  readonly description: string
  readonly action: string
  /** Fields it reads that a recording cannot tell. */
  readonly unknownFields: readonly string[]
}

type Files = FileRulesets & {
  readonly operations: readonly DescribedOperation[]
  readonly enforced: Enforced
  readonly told: Told
}

/** Every enabled rule. */
export function listRules(files: Files): readonly ListedRule[] {
  return [
    ...files.enforced.plan.flatMap(({ phase }) => rulesOfPhase(phase, files)),
    ...schemaRules(files),
    ...sequenceRules(files),
  ]
}

/** Entry points in the order in which they run, then what they execute. */
const KINDS = ['root', 'zone', 'custom']

function rulesOfPhase(phase: string, { rulesets, enforced, told }: Files): readonly ListedRule[] {
  const ofPhase = rulesets.filter((ruleset) => ruleset.phase === phase)
  const inOrder = KINDS.flatMap((kind) => ofPhase.filter((ruleset) => ruleset.kind === kind))
  return inOrder.flatMap(({ id: ruleset, rules }) =>
    rules
      .filter(({ enabled }) => enabled)
      .map((rule) => {
        const limit = enforced.sessionRules.rateRules.find(({ id }) => id === rule.id)
        const fields = [...fieldsOf(rule), ...(limit === undefined ? [] : fieldsOfLimit(limit))]
        const { id, ref: name, description, action } = rule
        return {
          id,
          name,
          ruleset,
          description,
          action,
          unknownFields: unknownFields(fields, told),
        }
      }),
  )
}

function fieldsOf({ expression }: FileRuleset['rules'][number]): readonly string[] {
  const compiled = compileExpression(expression)
  return compiled.ok ? compiled.value.uses.map(({ field }) => field) : []
}

function fieldsOfLimit({
  applies,
  counts,
  characteristics,
  cost,
}: RateRule<unknown>): readonly string[] {
  const read = [
    ...applies,
    ...(counts === null ? [] : [counts]),
    ...characteristics.map(({ value }) => value),
    ...(cost.kind === 'expression' ? [cost.value] : []),
  ]
  return read.flatMap(({ uses }) => uses.map(({ field }) => field))
}

/** Those that the engine makes of schemas, by the ids that it gives them. */
function schemaRules({ operations }: Files): readonly ListedRule[] {
  return (['log', 'block'] as const)
    .filter((action) => operations.some((operation) => operation.action === action))
    .map((action) => ({
      id: `schema-validation-${action}`,
      name: `schema-validation-${action}`,
      ruleset: null,
      description: 'The request departs from the uploaded schema of its operation',
      action,
      unknownFields: [],
    }))
}

function sequenceRules({ sequences, told }: Files): readonly ListedRule[] {
  return sequences
    .filter(({ enabled }) => enabled)
    .map(({ ref, description, action, steps, without_session }) => {
      const bound = steps.flatMap(({ bind }) => Object.values(bind ?? {}))
      const whose = without_session === 'client' ? 'client' : 'id'
      const fields = [`cf.portcullis.session.${whose}`, ...bound.flatMap(fieldsOfValue)]
      return {
        id: sequenceId(ref),
        name: ref,
        ruleset: null,
        description,
        action,
        unknownFields: unknownFields(fields, told),
      }
    })
}

function fieldsOfValue(source: string): readonly string[] {
  const compiled = compileValueExpression(source, { types: ['Bytes', 'Int'] })
  return compiled.ok ? compiled.value.uses.map(({ field }) => field) : []
}
