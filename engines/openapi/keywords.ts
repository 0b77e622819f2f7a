/**
 * Every schema keyword there is for us, and what its operand must be.
 *
 * Promises a closed table: a keyword that constrains is compiled, one that only describes is dropped,
 * and one that would constrain but is not supported is said to be so.
 */
import { err, ok, type Result } from '#engines/result'
import { patternOf } from './compile/pattern.ts'
import { formatNamed, isAnnotationFormat } from './formats.ts'
import type { WarningCode } from './warnings.ts'

export type KeywordKind =
  | 'schema'
  | 'schemas'
  | 'schemaMap'
  | 'definitions'
  | 'dependencies'
  | 'reference'
  | 'operand'
  | 'described'
  | 'unsupported'

/** What a keyword holds; unknown keywords describe (JSON Schema 2020-12 core §4.3.1). */
export function keywordKind(keyword: string): KeywordKind {
  if (operands.has(keyword)) return 'operand'
  return kinds.get(keyword) ?? 'described'
}

/** Why a keyword is left out, as a note says it. */
export type OperandError = { readonly code: WarningCode; readonly detail: string }

/** The operand as it is compiled, or why the keyword is left out. */
export function checkOperand(keyword: string, operand: unknown): Result<unknown, OperandError> {
  const check = operands.get(keyword)
  return check?.(operand) ?? err({ code: 'invalid_member', detail: keyword })
}

const kinds: ReadonlyMap<string, KeywordKind> = new Map<string, KeywordKind>([
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name) => [name, 'schemas'] as const),
  ...['properties', 'patternProperties', 'dependentSchemas'].map(
    (name) => [name, 'schemaMap'] as const,
  ),
  ...[
    'items',
    'contains',
    'additionalProperties',
    'propertyNames',
    'not',
    'if',
    'then',
    'else',
  ].map((name) => [name, 'schema'] as const),
  ...['unevaluatedItems', 'unevaluatedProperties'].map((name) => [name, 'schema'] as const),
  ...['$defs', 'definitions'].map((name) => [name, 'definitions'] as const),
  ...['$ref', '$dynamicRef'].map((name) => [name, 'reference'] as const),
  ['dependencies', 'dependencies'],
  ...['$recursiveRef', 'additionalItems'].map((name) => [name, 'unsupported'] as const),
])

type CheckOperand = (operand: unknown) => Result<unknown, OperandError> | null

const operands: ReadonlyMap<string, CheckOperand> = new Map<string, CheckOperand>([
  ['type', checkType],
  ['enum', (operand) => (Array.isArray(operand) ? ok(operand) : null)],
  ['const', ok],
  ['pattern', checkPattern],
  ['format', checkFormat],
  ['uniqueItems', (operand) => (typeof operand === 'boolean' ? ok(operand) : null)],
  ['dependentRequired', (operand) => (typeof operand === 'object' ? ok(operand) : null)],
  ...['minimum', 'maximum', 'multipleOf'].map((name) => [name, checkNumber] as const),
  // In 3.0 a boolean, which `minimum` and `maximum` take in.
  ...['exclusiveMinimum', 'exclusiveMaximum'].map((name) => [name, checkExclusive] as const),
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map(
    (name) => [name, checkNumber] as const,
  ),
  ...['minContains', 'maxContains'].map((name) => [name, checkNumber] as const),
])

const knownTypes: ReadonlySet<unknown> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
])

function checkType(operand: unknown): Result<unknown, OperandError> | null {
  const types: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  // Only what is wholly known is enforced: half a list would refuse what the author allows.
  return types.every((type) => knownTypes.has(type)) ? ok(operand) : null
}

function checkNumber(operand: unknown): Result<unknown, OperandError> | null {
  return typeof operand === 'number' ? ok(operand) : null
}

function checkExclusive(operand: unknown): Result<unknown, OperandError> | null {
  return typeof operand === 'boolean' ? ok(undefined) : checkNumber(operand)
}

function checkPattern(operand: unknown): Result<unknown, OperandError> | null {
  if (typeof operand !== 'string') return null
  if (patternOf(operand) !== null) return ok(operand)
  return err({ code: 'pattern_unsupported', detail: operand.slice(0, 100) })
}

function checkFormat(operand: unknown): Result<unknown, OperandError> | null {
  if (typeof operand !== 'string') return null
  if (formatNamed(operand) !== null || isAnnotationFormat(operand)) return ok(operand)
  return err({ code: 'format_unknown', detail: operand.slice(0, 100) })
}
