/**
 * Rules between paths, their templates and their parameters.
 *
 * Promises that each path parses as a template and no operation has two parameters of one name and
 * place. Two spellings of one template, and path parameters that do not fit their path, are common in
 * documents in use; they are only noted, since matching and validation do well without them.
 */
import { parseTemplate } from '#engines/paths'
import type { Problem } from './document-error.ts'
import { objectMember, type JsonObject, type Place } from './json-value.ts'
import type { DocumentLimits } from './limits.ts'
import {
  listOperations,
  listParameters,
  parameterKey,
  type DocumentOperation,
} from './path-items.ts'
import type { Note } from './warnings.ts'

export type PathFindings = {
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
  /** Every operation, with what it inherits. */
  readonly operations: readonly DocumentOperation[]
}

/** Checks the `paths` of a document whose structure is sound. */
export function checkPaths(root: JsonObject, limits: DocumentLimits): PathFindings {
  const operations = listOperations(root)
  if (operations.length > limits.operationsMax) {
    const detail = `at most ${limits.operationsMax}`
    const problem: Problem = { code: 'too_many_operations', detail, place: ['paths'] }
    return { problems: [problem], notes: [], operations }
  }
  const templates = checkTemplates(root)
  return {
    problems: [...templates.problems, ...duplicateParameters(root)],
    notes: [...templates.notes, ...misplacedParameters(operations)],
    operations,
  }
}

/** A path as written, without the query that some documents put there. */
export function withoutQuery(path: string): string {
  return path.split(/[?#]/)[0] ?? path
}

/** What of a path is matched, each variable with a name of its own: where one repeats, its parameter is about the first. */
export function templateText(path: string): string {
  const seen = new Set<string>()
  let count = 0
  return withoutQuery(path).replaceAll(/\{([^{}]+)\}/g, (variable, name: string) => {
    count += 1
    if (seen.has(name)) return `{${name} (variable ${count})}`
    seen.add(name)
    return variable
  })
}

function checkTemplates(root: JsonObject): Omit<PathFindings, 'operations'> {
  const problems: Problem[] = []
  const notes: Note[] = []
  const seen = new Map<string, string>()
  for (const path of pathsOf(root)) {
    const place = ['paths', path]
    const template = parseTemplate(templateText(path))
    if (!template.ok) {
      problems.push({ code: 'invalid_path', detail: template.error.reason, place })
      continue
    }
    // A query tells two paths apart in the document, though not on the wire.
    const spelling = template.value.endpoint + path.slice(withoutQuery(path).length)
    const twin = seen.get(spelling)
    if (twin === undefined) seen.set(spelling, path)
    else notes.push({ code: 'duplicate_path', detail: twin, place })
  }
  return { problems, notes }
}

function duplicateParameters(root: JsonObject): readonly Problem[] {
  const problems: Problem[] = []
  for (const path of pathsOf(root)) {
    const item = objectMember(root['paths'], path)
    problems.push(...duplicatesIn(root, item, ['paths', path]))
    for (const [name, operation] of Object.entries(item)) {
      problems.push(...duplicatesIn(root, operation, ['paths', path, name]))
    }
  }
  return problems
}

function duplicatesIn(root: JsonObject, owner: unknown, place: Place): readonly Problem[] {
  const seen = new Set<string>()
  const problems: Problem[] = []
  for (const parameter of listParameters(root, owner)) {
    const key = parameterKey(parameter)
    if (seen.has(key)) problems.push({ code: 'duplicate_parameter', detail: key, place })
    seen.add(key)
  }
  return problems
}

function misplacedParameters(operations: readonly DocumentOperation[]): readonly Note[] {
  const notes: Note[] = []
  for (const { path, method, parameters } of operations) {
    const place = ['paths', path, method.toLowerCase()]
    const template = parseTemplate(templateText(path))
    const variables = template.ok ? template.value.variables : []
    const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
    const note = (code: Note['code']) => (detail: string) => notes.push({ code, detail, place })
    declared.filter((name) => !variables.includes(name)).forEach(note('path_parameter_not_in_path'))
    variables.filter((name) => !declared.includes(name)).forEach(note('path_variable_undeclared'))
  }
  return notes
}

function pathsOf(root: JsonObject): readonly string[] {
  return Object.keys(objectMember(root, 'paths')).filter((path) => path.startsWith('/'))
}
