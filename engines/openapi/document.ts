/**
 * Reads an uploaded OpenAPI document.
 *
 * Promises that what it accepts is OpenAPI 3.0.x or 3.1.x by structure (3.2.x is read as 3.1), or Swagger 2.0 once converted
 * (places are then those of the result), that no `$ref` leads out of it and every path is a template. Refuses the rest with
 * each problem's code, JSONPath, line and column; what is odd and harmless, or left unchecked, is a warning. Never throws,
 * never fetches, bounded by `limits`.
 */
import { err, ok, type Result } from '#engines/result'
import { issueOf, type DocumentError, type Problem } from './document-error.ts'
import { isObject, stringMember, type JsonObject } from './json-value.ts'
import { documentLimits, type DocumentLimits } from './limits.ts'
import type { DocumentOperation } from './path-items.ts'
import { checkPaths } from './path-rules.ts'
import { checkReferences } from './references.ts'
import type { OpenApiVersion } from './shape.ts'
import { readSource, type SourceText } from './source-text.ts'
import { createResources, type SchemaResources } from './schema-resources.ts'
import { checkStructure } from './structure.ts'
import { convertSwagger, isSwagger } from './swagger/document.ts'
import { warningsOf, type Note, type Warning } from './warnings.ts'

export type ReadDocument = {
  readonly version: OpenApiVersion
  readonly title: string
  /** `x-portcullis-mitigation-action` of the root; null when absent. */
  readonly mitigation_action: 'none' | 'log' | 'block' | null
  /** What is odd but accepted. */
  readonly warnings: readonly Warning[]
  /** The document itself: plain data, structure checked. */
  readonly root: JsonObject
  /** What the references of its schemas name. */
  readonly resources: SchemaResources
  /** Every operation under `paths`, with what it inherits. */
  readonly operations: readonly DocumentOperation[]
}

/** Reads JSON or YAML text. */
export function readDocument(
  text: string,
  limits: DocumentLimits = documentLimits,
): Result<ReadDocument, DocumentError> {
  const source = readSource(text, limits)
  if (!source.ok) return err({ issues: [issueOf(source.error.problem, source.error.position)] })
  const { value } = source.value
  if (!isObject(value)) return refuse(source.value, [problem('not_an_object', '')])
  const root = isSwagger(value) ? convertSwagger(value) : value
  const version = versionOf(root)
  if (version === null) return refuse(source.value, [unsupported(value)])
  const { problems, notes, resources, operations } = checkRoot(root, version, limits)
  if (problems.length > 0) return refuse(source.value, problems.slice(0, limits.errorsMax))
  return ok({
    version,
    title: stringMember(root['info'], 'title') ?? '',
    mitigation_action: mitigationAction(root) ?? null,
    warnings: warningsOf([...readAsAnother(value), ...notes]),
    root,
    resources,
    operations,
  })
}

const actionMember = 'x-portcullis-mitigation-action'

/** What is said of a document that is not read as what it says it is. */
function readAsAnother(value: JsonObject): readonly Note[] {
  if (isSwagger(value)) return [{ code: 'swagger_converted', detail: '', place: ['swagger'] }]
  if (minorVersion(value) !== '3.2') return []
  return [{ code: 'read_as_3_1', detail: '', place: ['openapi'] }]
}

function problem(code: Problem['code'], detail: string, member?: string): Problem {
  return { code, detail, place: member === undefined ? [] : [member] }
}

function refuse(
  source: SourceText,
  problems: readonly Problem[],
): { readonly ok: false; readonly error: DocumentError } {
  const [first, ...rest] = problems.map((each) => issueOf(each, source.locate(each.place)))
  if (first === undefined) throw new Error('a refusal names at least one problem')
  return err({ issues: [first, ...rest] })
}

/** The tables a version is read by; `3.0.3-anything` is what the official schemas accept too. */
const tables: { readonly [version: string]: OpenApiVersion } = {
  '3.0': '3.0',
  '3.1': '3.1',
  // What 3.2 adds is noted or, where an operation or a parameter would go unchecked, refused.
  '3.2': '3.1',
}

function versionOf(value: JsonObject): OpenApiVersion | null {
  const version = minorVersion(value)
  return Object.hasOwn(tables, version) ? (tables[version] ?? null) : null
}

function minorVersion(value: JsonObject): string {
  return /^(3\.\d+)\.\d+(?:-.+)?$/.exec(stringMember(value, 'openapi') ?? '')?.[1] ?? ''
}

function unsupported(value: JsonObject): Problem {
  const name = Object.hasOwn(value, 'swagger') ? 'swagger' : 'openapi'
  const version = value[name]
  const isNamed = typeof version === 'string' || typeof version === 'number'
  const detail = isNamed ? `this is ${name} ${version}`.slice(0, 100) : 'no openapi member'
  return problem('unsupported_version', detail, name)
}

type Findings = {
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
  readonly resources: SchemaResources
  readonly operations: readonly DocumentOperation[]
}

function checkRoot(root: JsonObject, version: OpenApiVersion, limits: DocumentLimits): Findings {
  const structure = checkStructure(root, version, limits.errorsMax)
  const resources = createResources({ root, identified: structure.identified })
  const references = checkReferences(root, structure.references, resources)
  const problems = [...structure.problems, ...references.problems]
  const notes = [...structure.notes, ...references.notes]
  if (mitigationAction(root) === undefined) {
    problems.push(problem('invalid_value', 'one of none, log, block', actionMember))
  }
  // Paths are read through their references, so only once these are known to be sound.
  if (problems.length > 0) return { problems, notes, resources, operations: [] }
  const paths = checkPaths(root, limits)
  return { ...paths, notes: [...notes, ...paths.notes], resources }
}

/** Null when absent, undefined when it is none of the three. */
function mitigationAction(root: JsonObject): 'none' | 'log' | 'block' | null | undefined {
  const action = root[actionMember]
  if (action === undefined) return null
  return action === 'none' || action === 'log' || action === 'block' ? action : undefined
}
