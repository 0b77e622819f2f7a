/**
 * Reads an uploaded OpenAPI document.
 *
 * Promises that what it accepts is OpenAPI 3.0.x or 3.1.x by structure, that every `$ref` resolves
 * inside it and every path is a template. Refuses the rest with each
 * problem's code, JSONPath, line and column. Never throws, never fetches, bounded by `limits`.
 */
import { err, ok, type Result } from '#engines/result'
import { issueOf, type DocumentError, type Problem } from './document-error.ts'
import { isObject, stringMember, type JsonObject } from './json-value.ts'
import { documentLimits, type DocumentLimits } from './limits.ts'
import { checkPaths } from './path-rules.ts'
import { checkReferences } from './references.ts'
import type { OpenApiVersion } from './shape.ts'
import { readSource, type SourceText } from './source-text.ts'
import { checkStructure } from './structure.ts'
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
  const version = versionOf(value)
  if (version === null) return refuse(source.value, [unsupported(value)])
  const { problems, notes } = checkRoot(value, version, limits)
  if (problems.length > 0) return refuse(source.value, problems.slice(0, limits.errorsMax))
  return ok({
    version,
    title: stringMember(value['info'], 'title') ?? '',
    mitigation_action: mitigationAction(value) ?? null,
    warnings: warningsOf(notes),
    root: value,
  })
}

const actionMember = 'x-portcullis-mitigation-action'

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

/** `3.0.3-anything` is what the official schemas accept too. */
function versionOf(value: JsonObject): OpenApiVersion | null {
  const found = /^(3\.[01])\.\d+(?:-.+)?$/.exec(stringMember(value, 'openapi') ?? '')?.[1]
  return found === '3.0' || found === '3.1' ? found : null
}

function unsupported(value: JsonObject): Problem {
  const name = Object.hasOwn(value, 'swagger') ? 'swagger' : 'openapi'
  const version = value[name]
  const isNamed = typeof version === 'string' || typeof version === 'number'
  const detail = isNamed ? `this is ${name} ${version}`.slice(0, 100) : 'no openapi member'
  return problem('unsupported_version', detail, name)
}

type Findings = { readonly problems: readonly Problem[]; readonly notes: readonly Note[] }

function checkRoot(root: JsonObject, version: OpenApiVersion, limits: DocumentLimits): Findings {
  const { problems, notes, references } = checkStructure(root, version, limits.errorsMax)
  const found = [...problems, ...checkReferences(root, references)]
  if (mitigationAction(root) === undefined) {
    found.push(problem('invalid_value', 'one of none, log, block', actionMember))
  }
  // Paths are read through their references, so only once these are known to be sound.
  if (found.length > 0) return { problems: found, notes }
  const paths = checkPaths(root, limits)
  return { problems: paths.problems, notes: [...notes, ...paths.notes] }
}

/** Null when absent, undefined when it is none of the three. */
function mitigationAction(root: JsonObject): 'none' | 'log' | 'block' | null | undefined {
  const action = root[actionMember]
  if (action === undefined) return null
  return action === 'none' || action === 'log' || action === 'block' ? action : undefined
}
