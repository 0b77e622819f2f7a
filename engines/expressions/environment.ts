/** What surrounds an expression: the phase it runs in and the lists it may name. Refuses what is not there. */
import type { Span } from './error.ts'
import type { FieldRow } from './fields/row.ts'
import type { FunctionRow } from './functions/row.ts'
import { fault, type Refusal } from './lexer.ts'
import { LIST_TYPES, type ListKind } from './lists.ts'
import { PHASES, type PhaseName } from './phases.ts'
import { isSameType, type Type, typeName } from './types.ts'

export type Environment = {
  /** Without it everything is available. */
  readonly phase?: PhaseName | undefined
  /** The kind of each list by name; without it list names are not checked. */
  readonly lists?: ReadonlyMap<string, ListKind> | undefined
}

/** The refusal of a field of the response where there is none yet. */
export function fieldRefusal(
  { phase }: Environment,
  field: FieldRow,
  span: Span,
): Refusal | undefined {
  if (phase === undefined || !field.isOfResponse || PHASES[phase].hasResponse) return undefined
  return fault('wrong_phase', `${field.name} is not known yet in the phase ${phase}`, span)
}

/** The refusal of a function that the phase does not have. */
export function functionRefusal(
  { phase }: Environment,
  { name, needs }: FunctionRow,
  { span, isValue }: { readonly span: Span; readonly isValue: boolean },
): Refusal | undefined {
  if (phase === undefined || needs === undefined) return undefined
  const { hasTokens, hasRewrites } = PHASES[phase]
  const isAvailable = needs === 'tokens' ? hasTokens : hasRewrites && isValue
  if (isAvailable) return undefined
  const where =
    needs === 'tokens'
      ? 'rules that decide about a request'
      : 'rewrite expressions of transform rules'
  return fault('wrong_phase', `${name} is only available in ${where}`, span)
}

/** The refusal of a list that does not exist or whose items are of another type. */
export function listRefusal(
  { lists }: Environment,
  { name, type }: { readonly name: string; readonly type: Type },
  span: Span,
): Refusal | undefined {
  if (lists === undefined) return undefined
  const kind = lists.get(name)
  if (kind === undefined) return fault('unknown_list', `there is no list $${name}`, span)
  const items = LIST_TYPES[kind]
  if (items === undefined) {
    return fault(
      'type_mismatch',
      `$${name} is a list of kind ${kind}, which no value can be in`,
      span,
    )
  }
  return isSameType(items, type)
    ? undefined
    : fault(
        'type_mismatch',
        `$${name} is a list of ${typeName(items)}, but the value is ${typeName(type)}`,
        span,
      )
}
