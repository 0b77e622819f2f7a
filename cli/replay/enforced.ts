/** Rule files and schemas compiled as the shield compiles what is in force. */
import type { FieldUse } from '#engines/expressions'
import { compileOperations, type OperationMatcher } from '#engines/paths'
import { SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import {
  compileLists,
  compilePlan,
  compileRateRules,
  type Lists,
  type Plan,
} from '#engines/rulesets'
import { compileSequenceRules, type SessionRules } from '#engines/session-rules'
import { parseOperationName } from '#engines/sequences'
import { type Needs, needsOf } from './needs.ts'
import type { FileRulesets } from './rulesets.ts'
import type { DescribedOperation } from './schemas.ts'

export type Enforced = {
  readonly plan: Plan<Needs>
  readonly sessionRules: SessionRules<Needs>
  readonly lists: Lists
  readonly operations: OperationMatcher<ReplayedOperation>
}

/** Without a validator where no schema describes it. */
export type ReplayedOperation = Omit<DescribedOperation, 'action' | 'validator'> & {
  readonly validator: DescribedOperation['validator'] | null
}

type Files = FileRulesets & { readonly operations: readonly DescribedOperation[] }

export function compileEnforced({
  rulesets,
  lists: written,
  sequences,
  operations,
}: Files): Enforced {
  const lists = compileLists(written)
  const read = new Set<string>()
  const needs = (expression: { readonly uses: readonly FieldUse[] }): Needs => {
    for (const { field } of expression.uses) read.add(field)
    return needsOf(expression)
  }
  const rateRules = compileRateRules({ rulesets, lists, needs })
  const sequenceRules = compileSequenceRules({
    // Rule files hold none.
    twoSteps: [],
    patterns: sequences.map((content) => ({ id: sequenceId(content.ref), content })),
    needs,
  })
  const plan = compilePlan({
    rulesets,
    lists,
    // Rule files hold none, and a recording has no tokens.
    tokens: [],
    graphql: { unparsed: 'none', isRegisteredOnly: false },
    schema: { logged: idsWith(operations, 'log'), blocked: idsWith(operations, 'block') },
    sequences: sequenceRules.inputs,
    needs,
  })
  const historyReads = new Set(SESSION_HISTORY_FIELDS.filter((field) => read.has(field)))
  return {
    plan,
    sessionRules: { rateRules, sequences: sequenceRules, historyReads },
    lists,
    operations: compileOperations([...operations, ...namedOperations(sequences)]),
  }
}

/** Those that sequences name: the shield has them saved, described or not. */
function namedOperations(sequences: FileRulesets['sequences']): readonly ReplayedOperation[] {
  return sequences
    .flatMap(({ steps }) =>
      steps.flatMap(({ operations, without = [] }) => [...operations, ...without]),
    )
    .flatMap((text) => {
      const parsed = parseOperationName(text)
      // Any operation (`*`) is none by name.
      if (!parsed.ok) return []
      const { operationId: operation_id, method, host, endpoint } = parsed.value
      return [{ operation_id, method, host, endpoint, validator: null }]
    })
}

/** Unlike that of any rule in a ruleset. */
export function sequenceId(ref: string): string {
  return `sequence ${ref}`
}

function idsWith(
  operations: readonly DescribedOperation[],
  action: DescribedOperation['action'],
): ReadonlySet<string> {
  const found = operations.filter((operation) => operation.action === action)
  return new Set(found.map(({ operation_id }) => operation_id))
}
