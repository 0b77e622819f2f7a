/** Compiles operands to readers: fields, calls and the indexes after them. */
import type { Argument, CallBase, Expression, Operand, Step } from './ast.ts'
import { type FieldSource, isList, isMap, type Value, type ValueTest } from './value.ts'

/** Reads a value from a source of fields; undefined when it is missing. */
export type Reader = (source: FieldSource) => Value | undefined

/** How expressions inside of arguments are compiled; passed in, since compiler.ts stands above this file. */
export type ExpressionCompiler = {
  readonly compile: (expression: Expression) => Reader
  readonly compileMany: (expression: Expression) => Reader
}

/** With `[*]` the reader gives the collection whose elements are meant, flattened when there are several. */
export function compileOperand(operand: Operand, expressions: ExpressionCompiler): Reader {
  const { base, steps, eachCount } = operand
  const [first, ...others] = steps
  if (base.kind === 'field') {
    const { index } = base
    // One key of a map field: the source need not build the map for it.
    return first?.kind === 'key'
      ? compileSteps(entryReader(index, first.key), others, eachCount)
      : compileSteps((source) => source.field(index), steps, eachCount)
  }
  return compileSteps(compileCall(base, expressions), steps, eachCount)
}

/** Whether the test holds for some element of an array or some value of a map; a missing collection has none. */
export function someElement(
  collection: Value | undefined,
  test: ValueTest,
  source: FieldSource,
): boolean {
  if (isList(collection)) {
    for (const value of collection) if (test(value, source)) return true
  } else if (isMap(collection)) {
    for (const value of collection.values()) if (test(value, source)) return true
  }
  return false
}

function entryReader(index: number, key: string): Reader {
  return (source) => source.entry(index, key)
}

function compileSteps(base: Reader, steps: readonly Step[], eachCount: number): Reader {
  const isPlain = eachCount === 0 || (eachCount === 1 && steps.at(-1)?.kind === 'each')
  if (!isPlain) return (source) => flatten(base(source), steps)
  let read = base
  for (const step of steps) read = compileStep(read, step)
  return read
}

function compileStep(read: Reader, step: Step): Reader {
  switch (step.kind) {
    case 'position': {
      const { position } = step
      return (source) => {
        const value = read(source)
        return isList(value) ? value[position] : undefined
      }
    }
    case 'key': {
      const { key } = step
      return (source) => {
        const value = read(source)
        return isMap(value) ? value.get(key) : undefined
      }
    }
    case 'each':
      return read
  }
}

/** Elements without the next step drop out, as in wirefilter's MapEachIterator. */
function flatten(base: Value | undefined, steps: readonly Step[]): readonly Value[] | undefined {
  if (base === undefined) return undefined
  let values: readonly Value[] = [base]
  for (const step of steps) values = values.flatMap((value) => stepInto(value, step))
  return values
}

function stepInto(value: Value, step: Step): readonly Value[] {
  if (step.kind === 'each') {
    if (isList(value)) return value
    return isMap(value) ? [...value.values()] : []
  }
  const next =
    step.kind === 'key'
      ? isMap(value) && value.get(step.key)
      : isList(value) && value[step.position]
  return next === undefined ? [] : [next]
}

function compileCall(
  { row, arguments: args, call: run, isMapped }: CallBase,
  expressions: ExpressionCompiler,
): Reader {
  const [first = MISSING, ...others] = args.map((argument) =>
    compileArgument(argument, expressions),
  )
  const constants = args.slice(1).map(constantOf)
  const isSettled = !constants.includes(undefined)
  if (isSettled && !isMapped && !row.toleratesMissing) {
    return (source) => {
      const value = first(source)
      return value === undefined ? undefined : run(value, constants)
    }
  }
  const readRest: RestReader = isSettled
    ? () => constants
    : (source) => others.map((read) => read(source))
  const call = (value: Value | undefined, rest: readonly (Value | undefined)[]) => {
    if (!row.toleratesMissing && (value === undefined || rest.includes(undefined))) return undefined
    return run(value, rest)
  }
  if (!isMapped) return (source) => call(first(source), readRest(source))
  return (source) => {
    const collection = first(source)
    if (collection === undefined) return undefined
    const rest = readRest(source)
    const results: Value[] = []
    const collect: ValueTest = (value) => {
      const result = call(value, rest)
      if (result !== undefined) results.push(result)
      return false
    }
    someElement(collection, collect, source)
    return results
  }
}

const MISSING: Reader = () => undefined

function compileArgument(argument: Argument, expressions: ExpressionCompiler): Reader {
  if (argument.kind === 'constant') {
    const { value } = argument
    return () => value
  }
  if (argument.kind === 'operand') return compileOperand(argument, expressions)
  return argument.isMany ? expressions.compileMany(argument) : expressions.compile(argument)
}

type RestReader = (source: FieldSource) => readonly (Value | undefined)[]

/** Literals, which nearly all arguments after the first are, are collected once. */
function constantOf(argument: Argument): Value | undefined {
  return argument.kind === 'constant' ? argument.value : undefined
}
