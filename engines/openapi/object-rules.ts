/**
 * Rules that join several members of one OpenAPI object.
 *
 * Promises one problem a broken rule; a reference is never looked through here.
 */
import { arrayMember, isObject, member, stringMember, type JsonObject } from './json-value.ts'
import type { DocumentErrorCode } from './document-error.ts'
import type { ObjectName, OpenApiVersion } from './shape.ts'

export type RuleBreak = {
  readonly code: DocumentErrorCode
  readonly detail: string
  readonly member: string | null
  /** Harmless and common in documents that are in use: a warning, not a refusal. */
  readonly isNote: boolean
}

/** What is wrong with an object whose members have the right shapes. */
export function checkRules(
  name: ObjectName,
  value: JsonObject,
  version: OpenApiVersion,
): readonly RuleBreak[] {
  return rules[name]?.(value, version) ?? []
}

type Rule = (value: JsonObject, version: OpenApiVersion) => readonly RuleBreak[]

const rules: { readonly [Name in ObjectName]?: Rule } = {
  document: checkDocument,
  parameter: checkParameter,
  responses: checkResponses,
  serverVariable: checkServerVariable,
  securityScheme: checkSecurityScheme,
}

function checkDocument(value: JsonObject, version: OpenApiVersion): readonly RuleBreak[] {
  const containers = ['paths', 'components', 'webhooks']
  if (version === '3.0' || containers.some((name) => member(value, name) !== undefined)) return []
  return [missing('one of paths, components and webhooks')]
}

/** Styles by location (OpenAPI 3.0.4 §4.7.12.2). */
const stylesByLocation: { readonly [location: string]: readonly string[] } = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
}

function checkParameter(value: JsonObject, version: OpenApiVersion): readonly RuleBreak[] {
  const location = stringMember(value, 'in') ?? ''
  const style = stringMember(value, 'style')
  const breaks = [...checkContent(value)]
  if (location === 'path' && value['required'] !== true) {
    breaks.push(invalid('required', 'a path parameter is required: true', true))
  }
  if (style !== undefined && !stylesByLocation[location]?.includes(style)) {
    breaks.push(invalid('style', `not in ${location}`))
  }
  if (version === '3.1' && location !== 'query' && member(value, 'allowReserved') !== undefined) {
    breaks.push(invalid('allowReserved', 'only in query', true))
  }
  return breaks
}

function checkContent(value: JsonObject): readonly RuleBreak[] {
  const schema = member(value, 'schema')
  const content = member(value, 'content')
  if (schema === undefined && content === undefined) return [missing('schema or content')]
  if (schema !== undefined && content !== undefined) {
    return [invalid('content', 'schema and content exclude each other')]
  }
  if (!isObject(content) || Object.keys(content).length === 1) return []
  return [invalid('content', 'exactly one media type')]
}

function checkResponses(value: JsonObject, version: OpenApiVersion): readonly RuleBreak[] {
  return version === '3.1' || Object.keys(value).length > 0
    ? []
    : [missing('at least one response')]
}

function checkServerVariable(value: JsonObject, version: OpenApiVersion): readonly RuleBreak[] {
  if (version === '3.0' || member(value, 'enum') === undefined) return []
  if (arrayMember(value, 'enum').includes(member(value, 'default'))) return []
  return [invalid('enum', 'the default is not in the enum')]
}

const membersBySecurityType: { readonly [type: string]: readonly string[] } = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl'],
}

function checkSecurityScheme(value: JsonObject): readonly RuleBreak[] {
  const required = membersBySecurityType[stringMember(value, 'type') ?? ''] ?? []
  return required.filter((name) => member(value, name) === undefined).map(missing)
}

function missing(detail: string): RuleBreak {
  return { code: 'missing_member', detail, member: null, isNote: false }
}

function invalid(name: string, detail: string, isNote = false): RuleBreak {
  return { code: 'invalid_value', detail, member: name, isNote }
}
