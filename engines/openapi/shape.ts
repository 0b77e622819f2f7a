/**
 * The words in which the tables of OpenAPI objects are written.
 */

export type OpenApiVersion = '3.0' | '3.1'

export type ValueShape =
  | { readonly kind: 'any' | 'boolean' | 'number' }
  | { readonly kind: 'schema_or_boolean' | 'schema_required' | 'schema_type' }
  | { readonly kind: 'string'; readonly format: 'text' | 'uri' | 'email' }
  | { readonly kind: 'one_of'; readonly values: readonly string[] }
  | { readonly kind: 'object'; readonly name: ObjectName; readonly orReference: boolean }
  | { readonly kind: 'map'; readonly of: ValueShape; readonly names: RegExp }
  | { readonly kind: 'list'; readonly of: ValueShape; readonly unique: boolean }

export type ObjectShape = {
  readonly members: { readonly [name: string]: ValueShape }
  readonly required: readonly string[]
  /** Members whose names are not fixed: paths, status codes. */
  readonly named: { readonly names: RegExp; readonly of: ValueShape } | null
  /** What a member beyond these is: refused, only noted (real documents carry them), or fine. */
  readonly unknown: 'refused' | 'noted' | 'allowed'
}

export type ObjectName =
  | ('document' | 'info' | 'contact' | 'license' | 'externalDocs' | 'tag' | 'server')
  | ('serverVariable' | 'components' | 'paths' | 'pathItem' | 'operation' | 'parameter' | 'header')
  | ('requestBody' | 'mediaType' | 'encoding' | 'responses' | 'response' | 'callback' | 'example')
  | ('link' | 'securityScheme' | 'oauthFlows' | 'oauthFlow' | 'discriminator' | 'xml' | 'schema')

export const any: ValueShape = { kind: 'any' }
export const boolean: ValueShape = { kind: 'boolean' }
export const number: ValueShape = { kind: 'number' }
export const text: ValueShape = { kind: 'string', format: 'text' }
export const uri: ValueShape = { kind: 'string', format: 'uri' }
export const email: ValueShape = { kind: 'string', format: 'email' }
export const texts = list(text)
const anyName = /^/

export function oneOf(...values: readonly string[]): ValueShape {
  return { kind: 'one_of', values }
}

export function object(name: ObjectName): ValueShape {
  return { kind: 'object', name, orReference: false }
}

export function reference(name: ObjectName): ValueShape {
  return { kind: 'object', name, orReference: true }
}

export function map(of: ValueShape, names: RegExp = anyName): ValueShape {
  return { kind: 'map', of, names }
}

export function list(of: ValueShape, unique = false): ValueShape {
  return { kind: 'list', of, unique }
}

/** An object whose other members are noted, since real documents carry some; `required` names are separated by spaces. */
export function shape(required: string, members: ObjectShape['members']): ObjectShape {
  return {
    members,
    required: required === '' ? [] : required.split(' '),
    named: null,
    unknown: 'noted',
  }
}

/** One whose other members are refused: an operation or a schema that stands in the wrong place would not be checked. */
export function closed(open: ObjectShape): ObjectShape {
  return { ...open, unknown: 'refused' }
}

export function withNames(names: RegExp, of: ValueShape): ObjectShape {
  return { ...shape('', {}), named: { names, of }, unknown: 'refused' }
}
