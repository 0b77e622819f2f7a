/** One parameter of an operation, or one header of a response, as the profile has it. */
import type { JsonSchema } from './compile/schema.ts'
import { member, objectMember, stringMember, type JsonObject, type Place } from './json-value.ts'
import { isJson, parseMediaType } from './media-types.ts'
import { defaultStyles, type ParameterLocation, type ParameterStyle } from './parameters/decoder.ts'
import type { DocumentParameter } from './path-items.ts'
import type { ProfileContext } from './profile-context.ts'

export type ParameterProfile = {
  readonly in: ParameterLocation
  readonly name: string
  readonly required: boolean
  /** Absent: the default of the location, `simple` or `form`. */
  readonly style?: ParameterStyle
  /** Whether the items or members stand apart rather than joined in one text. */
  readonly explode: boolean
  /** A name with nothing behind it is accepted, whatever the schema says. */
  readonly allow_empty?: true
  /** The text is a JSON text. */
  readonly is_json?: true
  /** Null when the value is not checked. */
  readonly schema: JsonSchema | null
}

/** OpenAPI 3.0.4 §4.7.12.1: these three header parameters are described elsewhere and ignored. */
export function isChecked({ in: location, name }: DocumentParameter): boolean {
  return (
    location !== 'header' ||
    !['accept', 'content-type', 'authorization'].includes(name.toLowerCase())
  )
}

export function compileParameter(
  context: ProfileContext,
  { in: written, name, parameter }: DocumentParameter,
  place: Place,
): ParameterProfile {
  const location = isLocation(written) ? written : 'query'
  const style = readStyle(parameter, location)
  const explode = member(parameter, 'explode')
  const described = describedBy(parameter)
  if (described === null) {
    context.notes.push({ code: 'parameter_content_unsupported', detail: '', place })
  }
  return {
    in: location,
    name,
    required: location === 'path' || parameter['required'] === true,
    ...(style === defaultStyles[location] ? {} : { style }),
    explode: typeof explode === 'boolean' ? explode : style === 'form',
    ...(parameter['allowEmptyValue'] === true && location === 'query' ? { allow_empty: true } : {}),
    ...(described?.isJson === true ? { is_json: true } : {}),
    schema:
      described === null
        ? null
        : context.converter.convert(described.schema, [...place, ...described.place]),
  }
}

function isLocation(location: string): location is ParameterLocation {
  return Object.hasOwn(stylesOf, location)
}

/** OpenAPI 3.1.1, "Style Values"; the first of each is the default. */
export const stylesOf = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
} as const satisfies { readonly [Location in ParameterLocation]: readonly ParameterStyle[] }

/** A style of another location was refused when the document was read. */
function readStyle(parameter: JsonObject, location: ParameterLocation): ParameterStyle {
  const written = stringMember(parameter, 'style')
  return stylesOf[location].find((each) => each === written) ?? defaultStyles[location]
}

type Described = { readonly schema: unknown; readonly isJson: boolean; readonly place: Place }

/** By a schema, or by the one media type of `content`; null when that is not JSON, or neither is there. */
function describedBy(parameter: JsonObject): Described | null {
  const schema = member(parameter, 'schema')
  if (schema !== undefined) return { schema, isJson: false, place: ['schema'] }
  const [range, mediaType] = Object.entries(objectMember(parameter, 'content'))[0] ?? []
  const parsed = range === undefined ? null : parseMediaType(range)
  if (range === undefined || parsed === null || !isJson(parsed.essence)) return null
  const place = ['content', range, 'schema']
  return { schema: member(mediaType, 'schema') ?? true, isJson: true, place }
}
