/**
 * Dynamic references as static ones (JSON Schema 2020-12 core §8.2.3.2).
 *
 * Promises that what a `$dynamicRef` means is known from the resources passed on the way to it, outermost first: a schema
 * is written once for each such way, and a run over a value needs no scope.
 */
import type { ReferenceTarget, SchemaResource } from './schema-resources.ts'

export type Scope = {
  /** The resource that references inside resolve against. */
  readonly resource: SchemaResource
  /** Equal for scopes in which every `$dynamicRef` means the same. */
  readonly key: string
  readonly outermost: ReadonlyMap<string, ReferenceTarget>
}

/** The scope at the root of a resource that nothing referred to. */
export function outermostScope(resource: SchemaResource): Scope {
  return enterResource({ resource, key: '', outermost: new Map() }, resource)
}

/** The scope inside a resource reached from another one. */
export function enterResource(scope: Scope, resource: SchemaResource): Scope {
  const fresh = [...resource.anchors].filter(
    ([name, { isDynamic }]) => isDynamic && !scope.outermost.has(name),
  )
  if (fresh.length === 0) return { ...scope, resource }
  const bound = fresh.map(([name, { schema, place }]) => {
    const target = { schema, place, resource, dynamicAnchor: name, isAstray: false }
    return [name, target] as const
  })
  return {
    resource,
    key: `${scope.key} ${fresh.map(([name]) => name).join(',')}@${resource.uri}`,
    outermost: new Map([...scope.outermost, ...bound]),
  }
}

/** What a `$dynamicRef` whose static meaning is `target` means in a scope. */
export function bindDynamic(scope: Scope, target: ReferenceTarget): ReferenceTarget {
  const { dynamicAnchor } = target
  return dynamicAnchor === null ? target : (scope.outermost.get(dynamicAnchor) ?? target)
}
