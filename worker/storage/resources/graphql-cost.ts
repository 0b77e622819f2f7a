/**
 * A schema compiled for costs, as JSON: packed when it is uploaded and unpacked by the data plane, to which reading megabytes
 * of schema language at a request would be too dear.
 */
import type { CostSchema } from '#engines/graphql'

export type GraphqlCost = {
  readonly settings: CostSchema['settings']
  /** By the names of types and fields. */
  readonly types: { readonly [type: string]: { readonly [field: string]: PackedField } }
  /** By operation type: the name of the type. */
  readonly root_types: { readonly [operation: string]: string }
}

type CostType = NonNullable<ReturnType<CostSchema['types']['get']>>
type CostField = NonNullable<ReturnType<CostType['fields']['get']>>

/** What is usual is left out. */
type PackedField = {
  readonly type: string
  readonly weight?: number
  readonly is_list?: true
  readonly list_size?: PackedListSize
  readonly argument_weights?: { readonly [name: string]: number }
}

type PackedListSize = {
  readonly assumed_size: number | null
  readonly slicing_arguments: { readonly [name: string]: number | null }
  readonly sized_fields: readonly string[]
}

export function packCost({ settings, types, rootTypes }: CostSchema): GraphqlCost {
  const names = new Map(Array.from(types, ([name, type]) => [type, name]))
  return {
    settings,
    types: Object.fromEntries(
      Array.from(types, ([name, { fields }]) => [
        name,
        Object.fromEntries(Array.from(fields, ([field, cost]) => [field, packField(cost)])),
      ]),
    ),
    root_types: Object.fromEntries(
      Array.from(rootTypes, ([operation, type]) => [operation, names.get(type) ?? '']),
    ),
  }
}

function packField(field: CostField): PackedField {
  const { weight, isList, typeName, listSize, argumentWeights } = field
  return {
    type: typeName,
    ...(weight === 0 ? {} : { weight }),
    ...(isList ? { is_list: true } : {}),
    ...(listSize === null ? {} : { list_size: packListSize(listSize) }),
    ...(argumentWeights.size === 0
      ? {}
      : { argument_weights: Object.fromEntries(argumentWeights) }),
  }
}

function packListSize(size: NonNullable<CostField['listSize']>): PackedListSize {
  return {
    assumed_size: size.assumedSize,
    slicing_arguments: Object.fromEntries(size.slicingArguments),
    sized_fields: [...size.sizedFields],
  }
}

export function unpackCost({ settings, types, root_types }: GraphqlCost): CostSchema {
  const unpacked = new Map(
    Object.entries(types).map(([name, fields]) => [name, { fields: unpackFields(fields) }]),
  )
  const rootTypes = Object.entries(root_types).flatMap(([operation, name]) => {
    const type = unpacked.get(name)
    return type === undefined ? [] : [[operation, type] as const]
  })
  return { settings, types: unpacked, rootTypes: new Map(rootTypes) }
}

function unpackFields(fields: { readonly [field: string]: PackedField }): CostType['fields'] {
  return new Map(Object.entries(fields).map(([name, field]) => [name, unpackField(field)]))
}

function unpackField({
  type: typeName,
  weight = 0,
  is_list,
  list_size: size,
  argument_weights: weights = {},
}: PackedField): CostField {
  const listSize =
    size === undefined
      ? null
      : {
          assumedSize: size.assumed_size,
          slicingArguments: new Map(Object.entries(size.slicing_arguments)),
          sizedFields: new Set(size.sized_fields),
        }
  return {
    weight,
    isList: is_list === true,
    typeName,
    listSize,
    argumentWeights: new Map(Object.entries(weights)),
  }
}
