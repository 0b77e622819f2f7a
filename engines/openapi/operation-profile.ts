/**
 * The profile of one operation, put together from the parts that hold it.
 *
 * Promises that nothing it refers to is missing: a schema that is not there would hold for every value, so this refuses.
 */
import { err, ok, type Result } from '#engines/result'
import type { JsonSchema } from './compile/schema.ts'
import type { Divisible } from './profile-graph.ts'
import { referencesOf } from './profile-references.ts'

export type MissingPiece = {
  readonly reason: 'operation_missing' | 'schema_missing'
  readonly name: string
}

/** The operation and the schemas it reaches; the parts are those that the index of `splitProfile` names for it. */
export function operationProfile<Operation>(
  parts: readonly Divisible<Operation>[],
  key: string,
): Result<Divisible<Operation>, MissingPiece> {
  const shared = parts.map(({ schemas }) => schemas)
  const operation = ownOf(
    parts.map(({ operations }) => operations),
    key,
  )
  if (operation === undefined) return err({ reason: 'operation_missing', name: key })
  const schemas = new Map<string, JsonSchema>()
  const pieces: unknown[] = [operation]
  const wanted = new Set<string>()
  for (const piece of pieces) {
    const { names, isOpen } = referencesOf(piece)
    for (const name of isOpen ? [...names, ...shared.flatMap(Object.keys)] : names) {
      if (wanted.has(name)) continue
      wanted.add(name)
      const schema = ownOf(shared, name)
      if (schema === undefined) return err({ reason: 'schema_missing', name })
      schemas.set(name, schema)
      // What is found on the way is looked into in its turn.
      pieces.push(schema)
    }
  }
  return ok({ operations: { [key]: operation }, schemas: Object.fromEntries(schemas) })
}

function ownOf<T>(maps: readonly { readonly [name: string]: T }[], name: string): T | undefined {
  return maps.find((map) => Object.hasOwn(map, name))?.[name]
}
