/**
 * The Schema Object of OpenAPI 3.0 and 3.1 as a table.
 *
 * Promises to find the schemas and references inside a schema; operands are checked when it is compiled.
 */
import {
  any,
  boolean,
  number,
  text,
  object,
  reference,
  map,
  list,
  shape,
  type ObjectShape,
  type OpenApiVersion,
} from './shape.ts'

/** Schema keywords that hold schemas, in both versions. */
const schemaKeywords = {
  properties: map(reference('schema')),
  items: reference('schema'),
  additionalProperties: { kind: 'schema_or_boolean' },
  allOf: list(reference('schema')),
  anyOf: list(reference('schema')),
  oneOf: list(reference('schema')),
  not: reference('schema'),
  required: { kind: 'schema_required' },
} satisfies ObjectShape['members']

/** The Schema Object: closed by its table in 3.0, a JSON Schema in 3.1. */
export const schemaShapes: { readonly [Version in OpenApiVersion]: ObjectShape } = {
  '3.0': shape('', {
    ...schemaKeywords,
    title: text,
    description: text,
    type: { kind: 'schema_type' },
    format: text,
    pattern: text,
    enum: list(any),
    default: any,
    example: any,
    nullable: boolean,
    readOnly: boolean,
    writeOnly: boolean,
    deprecated: boolean,
    uniqueItems: boolean,
    exclusiveMinimum: boolean,
    exclusiveMaximum: boolean,
    multipleOf: number,
    minimum: number,
    maximum: number,
    minLength: number,
    maxLength: number,
    minItems: number,
    maxItems: number,
    minProperties: number,
    maxProperties: number,
    discriminator: object('discriminator'),
    externalDocs: object('externalDocs'),
    xml: object('xml'),
  }),
  '3.1': {
    ...shape('', {
      ...schemaKeywords,
      $ref: text,
      type: { kind: 'schema_type' },
      $defs: map(reference('schema')),
      definitions: map(reference('schema')),
      patternProperties: map(reference('schema')),
      dependentSchemas: map(reference('schema')),
      prefixItems: list(reference('schema')),
      contains: reference('schema'),
      propertyNames: reference('schema'),
      unevaluatedItems: reference('schema'),
      unevaluatedProperties: reference('schema'),
      // Spelled so, because an object with a `then` of its own would pass for a promise.
      ...Object.fromEntries(['if', 'then', 'else'].map((name) => [name, reference('schema')])),
    }),
    unknown: 'allowed',
  },
}
