/** Some functions may stand in an expression only once, and not inside one another: this finds the second one. */
import type { Argument } from './ast.ts'
import { fault, type Refusal } from './lexer.ts'

/** The refusal of the second call of a function that may be used once. */
export function rewriteRefusal(expression: Argument): Refusal | undefined {
  const [first, second] = singularCalls(expression).sort((left, right) => left.at - right.at)
  if (first === undefined || second === undefined) return undefined
  const message = `${second.name} may be used once in an expression, and ${first.name} is used already`
  const span = { start: second.at, end: second.at + second.name.length }
  return fault('invalid_arguments', message, span)
}

type Call = { readonly name: string; readonly at: number }

function singularCalls(node: Argument): Call[] {
  switch (node.kind) {
    case 'constant':
      return []
    case 'combination':
      return node.items.flatMap((item) => singularCalls(item))
    case 'negation':
      return singularCalls(node.item)
    case 'quantifier':
      return singularCalls(node.argument)
    case 'comparison':
      return singularCalls(node.operand)
    case 'operand': {
      if (node.base.kind === 'field') return []
      const { row, arguments: args, at } = node.base
      const inner = args.flatMap((argument) => singularCalls(argument))
      return row.isSingular === true ? [{ name: row.name, at }, ...inner] : inner
    }
  }
}
