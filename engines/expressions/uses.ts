/** Which fields an expression reads, so that only detectors which fill them need to run. */
import type { CheckedArgument, CheckedExpression, CheckedOperand } from './checked.ts'
import { fieldAt } from './fields/fields.ts'

/** A field by its canonical name; with `key` when only this key of a map is read. */
export type FieldUse = { readonly field: string; readonly key?: string }

/** Every field once for each key it is read with, in the order of the expression. */
export function collectUses(expression: CheckedExpression): readonly FieldUse[] {
  const uses = new Map<string, FieldUse>()
  for (const use of usesOf(expression)) uses.set(JSON.stringify([use.field, use.key]), use)
  return [...uses.values()]
}

function usesOf(node: CheckedArgument): readonly FieldUse[] {
  switch (node.kind) {
    case 'constant':
      return []
    case 'combination':
      return node.items.flatMap((item) => usesOf(item))
    case 'negation':
      return usesOf(node.item)
    case 'quantifier':
      return usesOf(node.argument)
    case 'comparison':
      return usesOf(node.operand)
    case 'operand':
      return usesOfOperand(node)
  }
}

function usesOfOperand({ base, steps }: CheckedOperand): readonly FieldUse[] {
  if (base.kind === 'call') return base.arguments.flatMap((argument) => usesOf(argument))
  const field = fieldAt(base.index)?.name
  if (field === undefined) return []
  const [first] = steps
  return [first?.kind === 'key' ? { field, key: first.key } : { field }]
}
