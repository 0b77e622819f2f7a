/**
 * A schema compiled for costs, at write time: `@cost` and `@listSize` as in the GraphQL Cost Directives Specification (IBM)
 * and Apollo's demand control. A weight on a field counts before that of its type; composite types weigh 1 and leaves 0 by
 * default, and so do input objects and other arguments.
 */
import { err, ok, type Result } from '#engines/result'
import { parseSdl, type SdlDirective, type SdlField, type SdlSchema } from './sdl.ts'
import { errorAt, type SdlError } from './sdl-tokens.ts'

export type CostSettings = {
  /** Length of a list that neither directive nor argument tells. */
  readonly listSize: number
  /** What a mutation costs by itself, as in Apollo Router. */
  readonly mutationCost: number
}

export const costSettings: CostSettings = { listSize: 10, mutationCost: 10 }

export type CostSchema = {
  readonly settings: CostSettings
  /** By name: types that have fields, and unions, which have none. */
  readonly types: ReadonlyMap<string, CostType>
  /** By operation type. */
  readonly rootTypes: ReadonlyMap<string, CostType>
}

export type CostType = { readonly fields: ReadonlyMap<string, CostField> }

export type CostField = {
  readonly weight: number
  readonly isList: boolean
  /** Name of the type that its selection set selects from. */
  readonly typeName: string
  readonly listSize: ListSize | null
  /** Weights of arguments that are given; a missing name weighs nothing. */
  readonly argumentWeights: ReadonlyMap<string, number>
}

export type ListSize = {
  readonly assumedSize: number | null
  /** Arguments that say how many; the greatest counts. By name, with the default of the schema. */
  readonly slicingArguments: ReadonlyMap<string, number | null>
  /** Fields of the selection set whose length the size is, in place of the field's own. */
  readonly sizedFields: ReadonlySet<string>
}

/** Bounds on a schema that an operator uploads. */
const SDL_LIMITS = { tokensMax: 1_000_000, nestingMax: 32 }

/** Refuses what is no schema, with its place, and directives whose arguments are not what they must be. */
export function compileCostSchema(
  sdl: string,
  settings: CostSettings = costSettings,
): Result<CostSchema, SdlError> {
  const parsed = parseSdl(sdl, SDL_LIMITS)
  if (!parsed.ok) return parsed
  const weights = new Map<string, number>()
  for (const type of parsed.value.types) {
    const weight = weightOf(type.directives)
    if (!weight.ok) return err(errorAt(sdl, type.index, `${type.name}: ${weight.error}`))
    const isHeavy = type.kind !== 'scalar' && type.kind !== 'enum'
    weights.set(type.name, weight.value ?? weights.get(type.name) ?? (isHeavy ? 1 : 0))
  }
  const types = new Map<string, CostType>()
  for (const type of parsed.value.types) {
    const fields = new Map(types.get(type.name)?.fields)
    if (type.kind === 'input' || type.kind === 'scalar' || type.kind === 'enum') continue
    for (const field of type.fields) {
      const compiled = compileField(field, weights)
      if (!compiled.ok) {
        return err(errorAt(sdl, field.index, `${type.name}.${field.name}: ${compiled.error}`))
      }
      fields.set(field.name, compiled.value)
    }
    types.set(type.name, { fields })
  }
  return ok({ settings, types, rootTypes: rootTypesOf(parsed.value, types) })
}

/** Section 3.3.1: by the names of the schema definition, or else the usual ones. */
function rootTypesOf(
  { rootTypes }: SdlSchema,
  types: ReadonlyMap<string, CostType>,
): ReadonlyMap<string, CostType> {
  const usual = new Map([
    ['query', 'Query'],
    ['mutation', 'Mutation'],
    ['subscription', 'Subscription'],
  ])
  const found = new Map<string, CostType>()
  for (const [operation, name] of rootTypes.size > 0 ? rootTypes : usual) {
    const type = types.get(name)
    if (type !== undefined) found.set(operation, type)
  }
  return found
}

type Weights = ReadonlyMap<string, number>

function compileField(field: SdlField, weights: Weights): Result<CostField, string> {
  const weight = weightOf(field.directives)
  if (!weight.ok) return weight
  const argumentWeights = new Map<string, number>()
  for (const argument of field.arguments) {
    const own = weightOf(argument.directives)
    if (!own.ok) return own
    const value = own.value ?? weights.get(argument.typeName) ?? 0
    if (value !== 0) argumentWeights.set(argument.name, value)
  }
  const listSize = listSizeOf(field)
  if (!listSize.ok) return listSize
  return ok({
    weight: weight.value ?? weights.get(field.typeName) ?? 0,
    isList: field.isList,
    typeName: field.typeName,
    listSize: listSize.value,
    argumentWeights,
  })
}

/** `@cost(weight: "2.5")`; the specification has text, Apollo numbers. Null without one. */
function weightOf(directives: readonly SdlDirective[]): Result<number | null, string> {
  const given = directives.find(({ name }) => name === 'cost')?.arguments.get('weight')
  if (given === undefined) return ok(null)
  const weight = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  const isWeight = typeof weight === 'number' && Number.isFinite(weight)
  return isWeight ? ok(weight) : err('the weight of @cost must be a number')
}

function listSizeOf(field: SdlField): Result<ListSize | null, string> {
  const directive = field.directives.find(({ name }) => name === 'listSize')
  if (directive === undefined) return ok(null)
  const assumedSize = directive.arguments.get('assumedSize') ?? null
  if (assumedSize !== null && (typeof assumedSize !== 'number' || assumedSize < 0)) {
    return err('assumedSize of @listSize must be a number from 0')
  }
  const slicing = namesOf(directive, 'slicingArguments')
  const sized = namesOf(directive, 'sizedFields')
  if (slicing === undefined || sized === undefined) {
    return err('slicingArguments and sizedFields of @listSize must be lists of names')
  }
  const slicingArguments = new Map<string, number | null>()
  for (const name of slicing) {
    const argument = field.arguments.find((each) => each.name === name)
    if (argument === undefined) return err(`@listSize names an argument ${name} that is not there`)
    const value = argument.defaultValue
    slicingArguments.set(name, typeof value === 'number' ? value : null)
  }
  return ok({ assumedSize, slicingArguments, sizedFields: new Set(sized) })
}

/** Undefined when it is no list of texts; a single text is one as well (section 3.12). */
function namesOf({ arguments: args }: SdlDirective, name: string): readonly string[] | undefined {
  const given = args.get(name) ?? []
  const list = Array.isArray(given) ? given : [given]
  return list.every((each) => typeof each === 'string') ? list : undefined
}
