/**
 * What the references of schemas name: the document, the schemas with an `$id`, their anchors.
 *
 * Promises base URIs, anchors and pointers as JSON Schema 2020-12 core §8.2 has them, without fetching: a resource that is
 * neither in the document nor handed over by `lookUp` is external.
 */
import { err, ok, type Result } from '#engines/result'
import { stringMember, type JsonObject, type Place } from './json-value.ts'
import { identifiedSchemas, type IdentifiedSchema } from './identified-schemas.ts'
import { metaSchema } from './meta-schemas.ts'
import { pointerTokens, resolvePointer } from './pointer.ts'

export type SchemaResource = {
  readonly uri: string
  readonly root: unknown
  /** Of the root, in the document it stands in. */
  readonly place: Place
  /** In the document itself and not in one that was looked up. */
  readonly isOwn: boolean
  readonly anchors: ReadonlyMap<string, Anchor>
}

type Anchor = { readonly schema: JsonObject; readonly place: Place; readonly isDynamic: boolean }

export type ReferenceTarget = {
  readonly schema: unknown
  readonly place: Place
  /** The resource that the target stands in: the base of the references inside it. */
  readonly resource: SchemaResource
  /** Name of the `$dynamicAnchor` that led here, else null. */
  readonly dynamicAnchor: string | null
  /** The pointer was found in the document and not, as it should be, in the resource around the reference. */
  readonly isAstray: boolean
}

export type ReferenceError = 'external_reference' | 'unresolved_reference'

export type SchemaResources = {
  /** The resource that a schema with an `$id` begins. */
  begunBy(schema: JsonObject): SchemaResource | undefined
  /** The resource around a place of the document. */
  around(place: Place): SchemaResource
  resolve(ref: string, base: SchemaResource): Result<ReferenceTarget, ReferenceError>
}

export type ResourceSources = {
  readonly root: unknown
  readonly identified: readonly IdentifiedSchema[]
  /** The schema document of a URI without fragment; none is fetched. */
  readonly lookUp?: (uri: string) => unknown
}

// Reserved (RFC 2606 §2), so nobody's identifier: the document's own URI is not known.
const documentUri = 'https://document.invalid/'

/** Indexes a document. */
export function createResources({ root, identified, lookUp }: ResourceSources): SchemaResources {
  const index: Index = { byUri: new Map(), bySchema: new Map(), lookUp: lookUp ?? metaSchema }
  const whole = addDocument(index, { uri: documentUri, root, identified, isOwn: true })
  return {
    begunBy: (schema) => index.bySchema.get(schema),
    around: (place) => ownerAt(index, whole, place),
    resolve: (ref, base) => resolve(index, ref, { base, whole }),
  }
}

type GrowingResource = SchemaResource & { readonly anchors: Map<string, Anchor> }

type Index = {
  readonly byUri: Map<string, SchemaResource>
  readonly bySchema: Map<unknown, GrowingResource>
  readonly lookUp: (uri: string) => unknown
}

type SchemaDocument = {
  readonly uri: string
  readonly root: unknown
  readonly identified: readonly IdentifiedSchema[]
  readonly isOwn: boolean
}

function addDocument(index: Index, document: SchemaDocument): GrowingResource {
  const { uri, root, identified, isOwn } = document
  const whole: GrowingResource = { uri, root, place: [], isOwn, anchors: new Map() }
  index.byUri.set(uri, whole)
  for (const { schema, place } of identified) {
    const owner = ownerAt(index, whole, place)
    const resource = begin(index, schema, { owner, place }) ?? owner
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const name = stringMember(schema, keyword)
      if (name === undefined || resource.anchors.has(name)) continue
      resource.anchors.set(name, { schema, place, isDynamic: keyword === '$dynamicAnchor' })
    }
  }
  return whole
}

/** The resource that an `$id` begins; null when there is none, or its URI is no URI or taken. */
function begin(
  index: Index,
  schema: JsonObject,
  { owner, place }: { readonly owner: SchemaResource; readonly place: Place },
): GrowingResource | null {
  const id = stringMember(schema, '$id')
  const uri = id === undefined ? null : absolute(id, owner.uri)?.split('#')[0]
  if (uri === null || uri === undefined || index.byUri.has(uri)) return null
  const resource = { uri, root: schema, place, isOwn: owner.isOwn, anchors: new Map() }
  index.byUri.set(uri, resource)
  index.bySchema.set(schema, resource)
  return resource
}

function ownerAt<Resource extends SchemaResource>(
  index: Index,
  outermost: Resource,
  place: Place,
): Resource | GrowingResource {
  let value = outermost.root
  let owner: Resource | GrowingResource = index.bySchema.get(value) ?? outermost
  for (const step of place) {
    value = resolvePointer(value, [String(step)])
    owner = index.bySchema.get(value) ?? owner
  }
  return owner
}

function absolute(reference: string, base: string): string | null {
  return URL.canParse(reference, base) ? new URL(reference, base).href : null
}

type Bases = { readonly base: SchemaResource; readonly whole: SchemaResource }

function resolve(
  index: Index,
  ref: string,
  { base, whole }: Bases,
): Result<ReferenceTarget, ReferenceError> {
  const [uri = '', ...fragments] = ref.split('#')
  const fragment = fragments.join('#')
  const resource = uri === '' ? base : resourceAt(index, absolute(uri, base.uri))
  if (resource === undefined) return err('external_reference')
  const tokens = fragment === '' ? [] : pointerTokens(`#${fragment}`)
  if (tokens === null) return resolveAnchor(resource, fragment)
  const found = target(index, resource, tokens)
  if (found !== null) return ok({ ...found, isAstray: false })
  // Generators write an `$id` and go on pointing into the document.
  const astray = resource.isOwn && uri === '' ? target(index, whole, tokens) : null
  return astray === null ? err('unresolved_reference') : ok({ ...astray, isAstray: true })
}

function resourceAt(index: Index, uri: string | null): SchemaResource | undefined {
  if (uri === null) return undefined
  const known = index.byUri.get(uri)
  if (known !== undefined) return known
  const root = index.lookUp(uri)
  if (root === undefined) return undefined
  const whole = addDocument(index, {
    uri,
    root,
    identified: identifiedSchemas(root),
    isOwn: false,
  })
  return index.bySchema.get(root) ?? whole
}

function resolveAnchor(
  resource: SchemaResource,
  name: string,
): Result<ReferenceTarget, ReferenceError> {
  const anchor = resource.anchors.get(name)
  if (anchor === undefined) return err('unresolved_reference')
  const { schema, place, isDynamic } = anchor
  return ok({ schema, place, resource, dynamicAnchor: isDynamic ? name : null, isAstray: false })
}

function target(
  index: Index,
  resource: SchemaResource,
  tokens: readonly string[],
): Omit<ReferenceTarget, 'isAstray'> | null {
  const schema = resolvePointer(resource.root, tokens)
  if (schema === undefined) return null
  return {
    schema,
    place: [...resource.place, ...tokens],
    resource: ownerAt(index, resource, tokens),
    dynamicAnchor: null,
  }
}
