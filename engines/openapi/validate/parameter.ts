/** One parameter compiled: found, read as the types of its schema, held against it. The first reading that conforms counts. */
import { findingsOf, type Check } from '../compile/run.ts'
import {
  createDecoder,
  defaultStyles,
  type Decoded,
  type ParameterDecoder,
  type ParameterSources,
} from '../parameters/decoder.ts'
import { shapeOf, type ValueShape } from '../parameters/value-shape.ts'
import type { ParameterProfile } from '../profile-parameter.ts'
import type { SchemaSet } from './schema-set.ts'
import { violation, type Violation } from '../violations.ts'

/** What a profile becomes once, before the first request. */
export type CompiledParameter = {
  readonly profile: ParameterProfile
  readonly check: Check | null
  readonly shape: ValueShape
  readonly decoder: ParameterDecoder
}

/** `declared` are the names of the operation's query parameters. */
export function compileParameter(
  profile: ParameterProfile,
  schemas: SchemaSet,
  declared: ReadonlySet<string>,
): CompiledParameter {
  const { in: location, name, schema, explode } = profile
  const shape = shapeOf(schema, schemas.resolve)
  const style = profile.style ?? defaultStyles[location]
  const form = { in: location, name, style, explode, isJson: profile.is_json === true }
  return {
    profile,
    check: schema === null ? null : schemas.compile(schema),
    shape,
    decoder: createDecoder(form, shape, declared),
  }
}

const NONE: readonly Violation[] = []

/** What is wrong with the parameter in a request. */
export function checkParameter(
  parameter: CompiledParameter,
  sources: ParameterSources,
): readonly Violation[] {
  const { profile, check, decoder } = parameter
  const decoded = decoder.decode(sources)
  if (decoded.kind === 'values') {
    if (check === null || (decoded.isEmpty && profile.allow_empty === true)) return NONE
    return conforming(check, decoded.candidates) === NOTHING
      ? findingsAt(parameter, check, decoded.candidates)
      : NONE
  }
  return notDecoded(parameter, decoded)
}

function notDecoded(
  parameter: CompiledParameter,
  decoded: Exclude<Decoded, { kind: 'values' }>,
): readonly Violation[] {
  const { profile, shape } = parameter
  const where = { location: profile.in, target: profile.name }
  switch (decoded.kind) {
    case 'absent':
      return profile.required && !isUnseen(parameter) ? [violation('missing', where)] : NONE
    case 'repeated':
      return [violation('repeated', where)]
    case 'failed':
      return decoded.failure === 'malformed'
        ? [violation('type', where, shape.kinds[0])]
        : [violation(decoded.failure, where)]
  }
}

/** Nothing tells an object without members from none at all, so it is taken for what the schema allows. */
function isUnseen({ check, decoder }: CompiledParameter): boolean {
  return decoder.isEmptyUnseen && (check === null || findingsOf(check, {}).length === 0)
}

/** `null` and `undefined` can be values. */
const NOTHING = Symbol('nothing')

/** The first reading that conforms. */
function conforming(check: Check, candidates: readonly unknown[]): unknown {
  for (const candidate of candidates) {
    if (findingsOf(check, candidate).length === 0) return candidate
  }
  return NOTHING
}

/** What is wrong with the preferred reading. */
function findingsAt(
  { profile }: CompiledParameter,
  check: Check,
  [preferred]: readonly unknown[],
): readonly Violation[] {
  const where = { location: profile.in, target: profile.name }
  return findingsOf(check, preferred).map((finding) =>
    violation(finding.kind, where, finding.argument),
  )
}

/** Its name and value, or nothing when there is none to be read. */
export function readValue(
  { profile, check, decoder }: CompiledParameter,
  sources: ParameterSources,
): readonly (readonly [name: string, value: unknown])[] {
  const decoded = decoder.decode(sources)
  if (decoded.kind !== 'values') return []
  const { candidates } = decoded
  const value = check === null ? NOTHING : conforming(check, candidates)
  return [[profile.name, value === NOTHING ? candidates[0] : value]]
}
