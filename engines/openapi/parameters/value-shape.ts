/**
 * What a parameter's schema says about the shape of its values: which JSON types it may have, and the shapes of its items
 * and members. Texts are read by it; whether the value conforms is asked of the schema itself.
 */
import { arrayMember, isObject, member, stringMember } from '../json-value.ts'
import { valueKinds, type ValueKind } from '../value-kinds.ts'

export type ValueShape = {
  readonly kinds: readonly ValueKind[]
  /** Of an item of an array. */
  items(): ValueShape
  /** Of the member of an object; what no schema describes is text. */
  member(name: string): ValueShape
  /** The members that a schema names. */
  readonly names: ReadonlySet<string>
  /** Whether members that no schema names are described or welcome. */
  readonly isOpen: boolean
}

type Resolve = (ref: string) => unknown

/** How many references and combinations deep members are looked for. */
const lookThroughMax = 8

export function shapeOf(schema: unknown, resolve: Resolve): ValueShape {
  const parts = partsOf(schema, resolve, lookThroughMax)
  const properties = parts.map((part) => member(part, 'properties')).filter(isObject)
  const names = new Set(properties.flatMap((each) => Object.keys(each)))
  const ofMember = (name: string): unknown =>
    together(properties.filter((each) => Object.hasOwn(each, name)).map((each) => each[name]))
  // A schema can describe itself, so shapes of parts are made when asked for.
  const items = once(() => shapeOf(together(present(parts, 'items')), resolve))
  const others = once(() => shapeOf(together(present(parts, 'additionalProperties')), resolve))
  const members = new Map<string, ValueShape>()
  return {
    kinds: valueKinds(schema, resolve),
    items,
    member(name) {
      if (!names.has(name)) return others()
      const known = members.get(name)
      if (known !== undefined) return known
      const made = shapeOf(ofMember(name), resolve)
      members.set(name, made)
      return made
    },
    names,
    isOpen: parts.every((part) => member(part, 'additionalProperties') !== false),
  }
}

function once(make: () => ValueShape): () => ValueShape {
  let made: ValueShape | null = null
  return () => (made ??= make())
}

/** The schema and all that applies to the same value. */
function partsOf(schema: unknown, resolve: Resolve, depth: number): readonly unknown[] {
  if (!isObject(schema) || depth === 0) return []
  const ref = stringMember(schema, '$ref')
  const others = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => arrayMember(schema, keyword))
  const targets = ref === undefined ? others : [resolve(ref), ...others]
  return [schema, ...targets.flatMap((part) => partsOf(part, resolve, depth - 1))]
}

function present(parts: readonly unknown[], keyword: string): readonly unknown[] {
  return parts.map((part) => member(part, keyword)).filter(isObject)
}

function together(schemas: readonly unknown[]): unknown {
  return schemas.length === 1 ? schemas[0] : { allOf: schemas }
}
