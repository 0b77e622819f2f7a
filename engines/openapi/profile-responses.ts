/**
 * The compiled form of a document's responses, apart from the requests' so that only who looks at responses loads it.
 *
 * Promises plain JSON that can be split by operations (profile-parts.ts). Of bodies only JSON is looked into.
 */
import type { JsonSchema } from './compile/schema.ts'
import type { ReadDocument } from './document.ts'
import { isObject, member, objectMember, type Place } from './json-value.ts'
import { isJson } from './media-types.ts'
import { listOperations } from './path-items.ts'
import { compileContent, type ContentProfile } from './profile-content.ts'
import type { ProfileContext } from './profile-context.ts'
import { compileParameter, isChecked, type ParameterProfile } from './profile-parameter.ts'
import { dereference } from './references.ts'
import { createSchemaConverter } from './schemas.ts'
import { warningsOf, type Warning } from './warnings.ts'

export type ResponsesProfile = {
  /** By `profile_key`. */
  readonly operations: { readonly [key: string]: OperationResponses }
  /** What `#/$defs/{name}` refers to. */
  readonly schemas: { readonly [name: string]: JsonSchema }
}

/** By status: `200`, `2XX`, `default`. */
export type OperationResponses = { readonly [status: string]: ResponseProfile }

export type ResponseProfile = {
  readonly headers: readonly ParameterProfile[]
  /** Null when the document says nothing about a body. */
  readonly content: ContentProfile | null
}

type CompiledResponses = {
  readonly profile: ResponsesProfile
  readonly warnings: readonly Warning[]
}

/** Compiles the responses of every operation of a document. */
export function compileResponses(document: ReadDocument): CompiledResponses {
  const { root } = document
  const context: ProfileContext = {
    root,
    converter: createSchemaConverter(document, 'response'),
    looksInto: (essence) => isJson(essence) || essence === '*/*' || essence === 'application/*',
    notes: [],
  }
  // Many operations share one, and its oddities are told once.
  const known = new Map<unknown, ResponseProfile>()
  const compiled = (response: unknown, place: Place): ResponseProfile => {
    const before = known.get(response)
    if (before !== undefined) return before
    const made = compileResponse(context, response, place)
    known.set(response, made)
    return made
  }
  const operations = listOperations(root).map(({ key, path, method, operation }) => {
    const place = ['paths', path, method.toLowerCase(), 'responses']
    const statuses = Object.entries(objectMember(operation, 'responses'))
      .filter(([status]) => /^(?:[1-5](?:\d\d|XX)|default)$/i.test(status))
      .map(([status, response]) => [
        status === 'default' ? status : status.toUpperCase(),
        compiled(dereference(root, response), [...place, status]),
      ])
    return [key, Object.fromEntries(statuses)] as const
  })
  const { schemas, notes } = context.converter.finish()
  const told = context.notes.filter(({ code }) => code !== 'media_type_not_validated')
  return {
    profile: { operations: Object.fromEntries(operations), schemas },
    warnings: warningsOf([...told, ...notes]),
  }
}

function compileResponse(
  context: ProfileContext,
  response: unknown,
  place: Place,
): ResponseProfile {
  const content = member(response, 'content')
  const headers = Object.entries(objectMember(response, 'headers')).flatMap(([name, written]) => {
    const parameter = dereference(context.root, written)
    return isObject(parameter) ? [{ in: 'header', name, parameter }] : []
  })
  return {
    headers: headers
      .filter(isChecked)
      .map((each) => compileParameter(context, each, [...place, 'headers', each.name])),
    content: isObject(content) ? compileContent(context, content, [...place, 'content']) : null,
  }
}
