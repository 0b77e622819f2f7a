/** Schema mitigation as rules: a setting of the zone or of an operation says what a departure from the schema leads to. */
import { compiled } from './compiled.ts'
import { indexRules } from './index-rules.ts'
import type { PlanInput } from './input.ts'
import type { Rule, RuleList } from './rule.ts'

export function schemaLists<Needs>(input: PlanInput<Needs>): readonly RuleList<Needs>[] {
  const { logged, blocked } = input.schema
  // `log` before `block`, as everywhere: the block ends the request.
  const rules = [
    ...schemaRule(input, {
      id: 'schema-validation-log',
      operationIds: logged,
      action: { kind: 'log' },
    }),
    ...schemaRule(input, {
      id: 'schema-validation-block',
      operationIds: blocked,
      action: { kind: 'block', response: null },
    }),
  ]
  return [{ rulesetId: null, candidates: indexRules(rules) }]
}

type Draft<Needs> = Pick<Rule<Needs>, 'id' | 'action'> & {
  readonly operationIds: ReadonlySet<string>
}

/** None when it concerns no operation. */
function schemaRule<Needs>(
  { lists, needs }: PlanInput<Needs>,
  draft: Draft<Needs>,
): readonly Rule<Needs>[] {
  if (draft.operationIds.size === 0) return []
  const expression = compiled('cf.schema_validation.uploaded.violated', lists)
  return [
    {
      ...draft,
      description: 'The request departs from the uploaded schema of its operation',
      rulesetId: null,
      source: 'apiShieldSchemaValidation',
      expression,
      needs: needs(expression),
    },
  ]
}
