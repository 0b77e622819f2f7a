/** What a body says about a token validation rule, whole or in part, checked against what the zone has. */
import * as z from 'zod/mini'
import { compileExpression, renderError } from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import type { Documents } from '../../../storage/ports.ts'
import type { TokenRule } from '../../../storage/resources/tokens.ts'
import type { Problem, Problems } from '../../envelope.ts'
import { LIMITS } from '../../limits.ts'
import { listKindsOf } from '../../rulesets/read-rules.ts'
import { POSITION } from '../../rulesets/position.ts'
import { configurationsIn } from '../named-configurations.ts'
import { readSelector, SELECTOR, strangerProblems } from './selector.ts'

const TITLE = z.string().check(z.minLength(1), z.maxLength(LIMITS.tokenTitleCharactersMax))

const DESCRIPTION = z.string().check(z.maxLength(LIMITS.descriptionCharactersMax))

const ACTION = z.enum(['log', 'block'])

export const NEW_RULE = z.object({
  title: TITLE,
  description: DESCRIPTION,
  action: ACTION,
  enabled: z.boolean(),
  expression: z.string(),
  selector: SELECTOR,
  position: POSITION,
})

export const RULE_CHANGE = z.object({
  title: z.exactOptional(TITLE),
  description: z.exactOptional(DESCRIPTION),
  action: z.exactOptional(ACTION),
  enabled: z.exactOptional(z.boolean()),
  expression: z.exactOptional(z.string()),
  selector: z.exactOptional(SELECTOR),
  position: POSITION,
})

type RuleContent = Omit<TokenRule, 'id' | 'created_at' | 'last_updated'>

type Draft = { readonly id: string; readonly content: RuleContent }

type Edit = { readonly stored: TokenRule; readonly change: Partial<RuleContent> }

/** What the zone has, and what time it is. */
type Surroundings = { readonly documents: Documents; readonly now: string }

/** `pointer` leads to the rule in the body. */
export function newRule(
  { id, content }: Draft,
  { documents, now }: Surroundings,
  pointer: string,
): Result<TokenRule, Problems> {
  const read = readContent(content, documents, pointer)
  return read.ok ? ok({ id, ...read.value, created_at: now, last_updated: now }) : read
}

/** Only what the change says is checked: the rest may name operations that are gone since. */
export function changedRule(
  { stored, change }: Edit,
  { documents, now }: Surroundings,
  pointer: string,
): Result<TokenRule, Problems> {
  const read = readContent(change, documents, pointer)
  return read.ok ? ok({ ...stored, ...read.value, last_updated: now }) : read
}

/** The content with its selector in the canonical spelling. */
function readContent<C extends Partial<RuleContent>>(
  content: C,
  documents: Documents,
  pointer: string,
): Result<C, Problems> {
  const { expression, selector = {} } = content
  const place = `${pointer}/selector`
  const read = readSelector(selector, place)
  const operationIds = new Set(documents.operation.map(({ operation_id }) => operation_id))
  const problems: readonly Problem[] = [
    ...(expression === undefined ? [] : expressionProblems(expression, documents, pointer)),
    ...(read.ok ? [] : read.error),
    ...strangerProblems(selector, operationIds, place),
  ]
  if (!read.ok || problems.length > 0) return err(problems)
  return ok(content.selector === undefined ? content : { ...content, selector: read.value })
}

function expressionProblems(expression: string, documents: Documents, pointer: string): Problems {
  const place = `${pointer}/expression`
  const lists = new Map(Object.entries(listKindsOf(documents)))
  const compiled = compileExpression(expression, { phase: 'token_validation', lists })
  if (!compiled.ok) {
    const message = renderError(expression, compiled.error)
    return [{ error: 'invalid_expression', message, pointer: place }]
  }
  const known = new Set(documents.token_configuration.map(({ id }) => id))
  const strangers = [...configurationsIn(compiled.value.uses)].filter((id) => !known.has(id))
  return strangers.map((id) => ({
    error: 'invalid_expression',
    message: renderError(expression, strangerAt(expression, id)),
    pointer: place,
  }))
}

/** The place of a configuration's id; the beginning when escapes hide it. */
function strangerAt(expression: string, id: string) {
  const start = expression.indexOf(id)
  const before = expression.slice(0, Math.max(0, start)).split('\n')
  return {
    code: 'invalid_arguments',
    message: 'no token configuration has this id',
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    length: start === -1 ? 1 : id.length,
  } as const
}
