/** Responses of Swagger 2.0: one schema for all media types that an operation produces. */
import { isObject, member } from '../json-value.ts'
import { convertValueSchema, type MediaTypes } from './parameters.ts'
import { contentOf, convertSchema, mapMembers, rewriteReference } from './schemas.ts'

/** Converts a map of responses. */
export function convertResponses(responses: unknown, { produces }: MediaTypes): unknown {
  return mapMembers(responses, (response) => convertResponse(response, produces))
}

function convertResponse(response: unknown, produces: readonly string[]): unknown {
  if (!isObject(response)) return response
  if (member(response, '$ref') !== undefined) return { $ref: rewriteReference(response['$ref']) }
  const { schema, headers, examples: _examples, ...rest } = response
  return {
    ...rest,
    ...(headers === undefined ? {} : { headers: mapMembers(headers, convertHeader) }),
    ...(schema === undefined
      ? {}
      : { content: contentOf(produces, { schema: convertSchema(schema) }) }),
  }
}

function convertHeader(header: unknown): unknown {
  if (!isObject(header)) return header
  const { description } = header
  return {
    ...(description === undefined ? {} : { description }),
    schema: convertValueSchema(header),
  }
}
