/** A parameter and a request → what the shield reads, for the tables of this folder. */
import { compileSchema, type JsonSchema } from '../../../../engines/openapi/compile/schema.ts'
import { findingsOf } from '../../../../engines/openapi/compile/run.ts'
import {
  createDecoder,
  defaultStyles,
  type Decoded,
  type ParameterForm,
  type ParameterLocation,
  type ParameterStyle,
} from '../../../../engines/openapi/parameters/decoder.ts'
import { parseCookies, parseQuery } from '../../../../engines/openapi/parameters/raw-pairs.ts'
import { shapeOf } from '../../../../engines/openapi/parameters/value-shape.ts'

export type CaseParameter = {
  readonly name: string
  readonly in: ParameterLocation
  readonly style?: ParameterStyle
  readonly explode?: boolean
  readonly schema: JsonSchema
  readonly content?: unknown
}

export type CaseRequest = {
  /** The raw variable. */
  readonly path?: string
  readonly query?: string
  readonly header?: string
  readonly cookie?: string
}

export function decode(parameter: CaseParameter, request: CaseRequest): Decoded {
  const style = parameter.style ?? defaultStyles[parameter.in]
  const form: ParameterForm = {
    in: parameter.in,
    name: parameter.name,
    style,
    explode: parameter.explode ?? style === 'form',
    isJson: parameter.content !== undefined,
  }
  const decoder = createDecoder(
    form,
    shapeOf(parameter.schema, () => undefined),
  )
  return decoder.decode({
    variable: () => request.path,
    query: parseQuery(request.query ?? '', 100),
    header: () => request.header ?? null,
    cookies: parseCookies(request.cookie ?? '', 100),
  })
}

/** The preferred reading, or `REFUSED` when none was possible or none conforms to the schema. */
export function accepted(parameter: CaseParameter, request: CaseRequest): unknown {
  const decoded = decode(parameter, request)
  if (decoded.kind === 'absent') return ABSENT
  if (decoded.kind !== 'values') return REFUSED
  const check = compileSchema(parameter.schema, {})
  const conforming = decoded.candidates.find((value) => findingsOf(check, value).length === 0)
  if (conforming !== undefined) return conforming
  return decoded.candidates[0] === null ? null : REFUSED
}

export const ABSENT = 'absent'
export const REFUSED = 'refused'
