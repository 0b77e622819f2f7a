/** What an expression reads: fields, so that only detectors which fill them need to run, and named lists. */
import type { Argument, Operand } from './ast.ts'
import { fieldAt, fieldIndex } from './fields/fields.ts'

/** A field by its canonical name; with `key` when only this key of a map is read. */
export type FieldUse = { readonly field: string; readonly key?: string }

export type Uses = {
  /** Every field once for each key it is read with, in the order of the expression. */
  readonly fields: readonly FieldUse[]
  /** Every list once. */
  readonly lists: readonly string[]
}

/** Collects what an expression or a value reads. */
export function collectUses(expression: Argument): Uses {
  const fields = new Map<string, FieldUse>()
  const lists = new Set<string>()
  for (const use of usesOf(expression)) {
    if ('list' in use) lists.add(use.list)
    else fields.set(JSON.stringify([use.field, use.key]), use)
  }
  return { fields: [...fields.values()], lists: [...lists] }
}

/** Whether any of them is known only after the answer. */
export function usesResponse(uses: readonly FieldUse[]): boolean {
  return uses.some(({ field }) => fieldAt(fieldIndex(field))?.isOfResponse === true)
}

type Use = FieldUse | { readonly list: string }

function usesOf(node: Argument): readonly Use[] {
  switch (node.kind) {
    case 'constant':
      return []
    case 'combination':
      return node.items.flatMap((item) => usesOf(item))
    case 'negation':
      return usesOf(node.item)
    case 'quantifier':
      return usesOf(node.argument)
    case 'comparison': {
      const uses = usesOf(node.operand)
      return node.test.kind === 'list' ? [...uses, { list: node.test.name }] : uses
    }
    case 'operand':
      return usesOfOperand(node)
  }
}

function usesOfOperand({ base, steps }: Operand): readonly Use[] {
  if (base.kind === 'call') return base.arguments.flatMap((argument) => usesOf(argument))
  const field = fieldAt(base.index)?.name
  if (field === undefined) return []
  const [first] = steps
  return [first?.kind === 'key' ? { field, key: first.key } : { field }]
}
