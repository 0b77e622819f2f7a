/**
 * A Swagger 2.0 document as OpenAPI 3.0.
 *
 * Promises the parts that describe requests and responses: servers, paths, parameters, bodies and forms, responses,
 * definitions. Security definitions are left out, as nothing here reads them. It checks nothing: what is wrong in the document
 * is as wrong in what it becomes, and is found there.
 */
import {
  arrayMember,
  isObject,
  member,
  objectMember,
  stringMember,
  type JsonObject,
} from '../json-value.ts'
import {
  convertOperationParameters,
  convertParameter,
  isSentInBody,
  type MediaTypes,
} from './parameters.ts'
import { convertResponses } from './responses.ts'
import { convertSchema, mapMembers, rewriteReference } from './schemas.ts'

/** Whether a document says that it is Swagger 2.0; YAML may read the version as a number. */
export function isSwagger(root: JsonObject): boolean {
  return ['2.0', '2', 2].some((version) => root['swagger'] === version)
}

/** Converts a document; member by member, so that places in the result resemble those in the text. */
export function convertSwagger(root: JsonObject): JsonObject {
  const mediaTypes = mediaTypesOf(root, {
    consumes: ['application/json'],
    produces: ['application/json'],
  })
  const paths = member(root, 'paths')
  const parameters = Object.entries(objectMember(root, 'parameters'))
  return {
    openapi: '3.0.3',
    ...kept(root),
    servers: serversOf(root),
    ...(paths === undefined
      ? {}
      : { paths: mapMembers(paths, (item) => convertItem(root, item, mediaTypes)) }),
    components: {
      schemas: mapMembers(member(root, 'definitions') ?? {}, convertSchema),
      parameters: Object.fromEntries(
        parameters
          .filter(([, parameter]) => !isSentInBody(parameter))
          .map(([name, parameter]) => [name, convertParameter(parameter)]),
      ),
      responses: convertResponses(member(root, 'responses') ?? {}, mediaTypes),
    },
  }
}

const unchanged: ReadonlySet<string> = new Set(['info', 'tags', 'externalDocs'])

/** Members that mean the same in both. */
function kept(root: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(root).filter(([name]) => unchanged.has(name) || name.startsWith('x-')),
  )
}

function serversOf(root: JsonObject): readonly JsonObject[] {
  const host = stringMember(root, 'host')
  const basePath = stringMember(root, 'basePath') ?? ''
  if (host === undefined) return basePath === '' ? [] : [{ url: basePath }]
  const schemes = arrayMember(root, 'schemes').filter((each) => each === 'http' || each === 'https')
  return (schemes.length > 0 ? schemes : ['https']).map((scheme) => ({
    url: `${scheme}://${host}${basePath}`,
  }))
}

function mediaTypesOf(owner: unknown, inherited: MediaTypes): MediaTypes {
  const named = (name: string) =>
    arrayMember(owner, name).filter((each) => typeof each === 'string')
  return {
    consumes: member(owner, 'consumes') === undefined ? inherited.consumes : named('consumes'),
    produces: member(owner, 'produces') === undefined ? inherited.produces : named('produces'),
  }
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])

function convertItem(root: JsonObject, item: unknown, mediaTypes: MediaTypes): unknown {
  if (!isObject(item)) return item
  const shared = arrayMember(item, 'parameters')
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => {
      if (name === '$ref') return [[name, rewriteReference(value)]]
      // Each operation takes them in, because a body is no parameter any more.
      if (name === 'parameters') return []
      return [
        [name, methods.has(name) ? convertOperation(root, value, { shared, mediaTypes }) : value],
      ]
    }),
  )
}

type Surroundings = { readonly shared: readonly unknown[]; readonly mediaTypes: MediaTypes }

const dropped = new Set(['consumes', 'produces', 'parameters', 'responses', 'schemes', 'security'])

function convertOperation(
  root: JsonObject,
  operation: unknown,
  { shared, mediaTypes }: Surroundings,
): unknown {
  if (!isObject(operation)) return operation
  const types = mediaTypesOf(operation, mediaTypes)
  const own = arrayMember(operation, 'parameters')
  const responses = member(operation, 'responses')
  return {
    ...Object.fromEntries(Object.entries(operation).filter(([name]) => !dropped.has(name))),
    ...convertOperationParameters(root, { own, shared, consumes: types.consumes }),
    ...(responses === undefined ? {} : { responses: convertResponses(responses, types) }),
  }
}
