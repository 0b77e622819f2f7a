/**
 * The text of a document to a value, JSON or YAML.
 *
 * Promises plain data (the YAML core schema and merge keys: no tags that run code, no dates), bounded depth, size and
 * alias expansion, no duplicate member names, and the line of any value on request. Never throws.
 */
import { err, ok, type Result } from '#engines/result'
import { isAlias, isMap, isNode, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { Problem, TextPosition } from './document-error.ts'
import { parseJson, type JsonTextError } from './json-text.ts'
import type { Place } from './json-value.ts'
import type { DocumentLimits } from './limits.ts'

export type SourceText = {
  readonly value: unknown
  /** Line and column of the value at a place, or of its nearest ancestor in the text. */
  locate(place: Place): TextPosition | null
}

export type SourceError = { readonly problem: Problem; readonly position: TextPosition | null }

/** Reads a JSON text (one that starts with `{`) or else a YAML one. */
export function readSource(text: string, limits: DocumentLimits): Result<SourceText, SourceError> {
  if (text.length > limits.documentCharsMax) {
    return refuse('document_too_large', `at most ${limits.documentCharsMax} characters`)
  }
  if (!/^\uFEFF?\s*\{/.test(text)) return readYaml(text, limits)
  const json = readJson(text.replace(/^\uFEFF/, ''), limits)
  // A flow mapping such as `{openapi: 3.0.0}` is YAML as well.
  if (json.ok || json.error.problem.code !== 'invalid_syntax') return json
  const yaml = readYaml(text, limits)
  // JSON.parse names no place in a short text.
  return yaml.ok || json.error.position === null ? yaml : json
}

function refuse(
  code: Problem['code'],
  detail: string,
  position: TextPosition | null = null,
): { readonly ok: false; readonly error: SourceError } {
  return err({ problem: { code, detail, place: [] }, position })
}

function readJson(text: string, limits: DocumentLimits): Result<SourceText, SourceError> {
  const parsed = parseJson(text, { depthMax: limits.depthMax, keysMax: limits.nodesMax })
  if (parsed.ok) {
    return ok({ value: parsed.value, locate: jsonLocator(text) })
  }
  const position = parsed.error.index < 0 ? null : positionAt(text, parsed.error.index)
  return refuse(codeOfJsonError[parsed.error.reason], detailOfJsonError(parsed.error), position)
}

const codeOfJsonError = {
  too_deep: 'document_too_deep',
  too_many_keys: 'document_too_many_nodes',
  duplicate_key: 'duplicate_key',
  invalid_json: 'invalid_syntax',
} as const

function detailOfJsonError(error: JsonTextError): string {
  return error.reason === 'duplicate_key' ? JSON.stringify(error.key.slice(0, 100)) : ''
}

function positionAt(text: string, index: number): TextPosition {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}

/** JSON is YAML, but slow as such: only small documents are read again to find a line. */
const locatedJsonCharsMax = 200_000

function jsonLocator(text: string): SourceText['locate'] {
  const lines = new LineCounter()
  let document: Document | null = null
  return (place) => {
    if (text.length > locatedJsonCharsMax) return null
    document ??= parseDocument(text, { lineCounter: lines, schema: 'core' })
    return locate(document, lines, place)
  }
}

function readYaml(text: string, limits: DocumentLimits): Result<SourceText, SourceError> {
  if (text.length > limits.yamlCharsMax) {
    return refuse('document_too_large', `at most ${limits.yamlCharsMax} characters of YAML`)
  }
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines, schema: 'core', merge: true })
    const first = document.errors[0]
    if (first !== undefined) {
      const code = first.code === 'DUPLICATE_KEY' ? 'duplicate_key' : 'invalid_syntax'
      const detail = first.message.split(' at line ')[0] ?? ''
      const position = lines.linePos(first.pos[0])
      return refuse(code, detail, { line: position.line, column: position.col })
    }
    if (hasCircularAlias(document))
      return refuse('document_too_many_nodes', 'an alias holds itself')
    const value: unknown = document.toJS({ maxAliasCount: limits.aliasesMax })
    const place = oversized(value, limits)
    if (place !== null) return refuse(place, '')
    return ok({ value, locate: (at) => locate(document, lines, at) })
  } catch (error) {
    // The library throws for alias bombs (ReferenceError) and overflows the stack on deep nesting.
    if (error instanceof ReferenceError)
      return refuse('document_too_many_nodes', 'too many aliases')
    if (error instanceof RangeError) return refuse('document_too_deep', '')
    return refuse('invalid_syntax', '')
  }
}

function hasCircularAlias(document: Document.Parsed): boolean {
  let circular = false
  visit(document, {
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document)
      if (target === undefined || !ancestors.includes(target)) return undefined
      circular = true
      return visit.BREAK
    },
  })
  return circular
}

/** Counts values as a walk meets them, so what an alias repeats counts again. */
function oversized(root: unknown, limits: DocumentLimits): Problem['code'] | null {
  const pending = [{ value: root, depth: 1 }]
  let nodes = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    nodes += 1
    if (nodes + pending.length > limits.nodesMax) return 'document_too_many_nodes'
    if (typeof next.value !== 'object' || next.value === null) continue
    if (next.depth > limits.depthMax) return 'document_too_deep'
    for (const value of Object.values(next.value)) pending.push({ value, depth: next.depth + 1 })
  }
  return null
}

function locate(document: Document, lines: LineCounter, place: Place): TextPosition | null {
  for (let length = place.length; length >= 0; length--) {
    const offset = offsetOf(document, place.slice(0, length))
    if (offset === null) continue
    const position = lines.linePos(offset)
    return { line: position.line, column: position.col }
  }
  return null
}

/** The key's offset where the value is a member, so that the line read is the line meant. */
function offsetOf(document: Document, place: Place): number | null {
  const parent: unknown = document.getIn(place.slice(0, -1), true)
  const last = place.at(-1)
  if (isMap(parent) && last !== undefined) {
    const pair = parent.items.find(({ key }) => isNode(key) && String(key) === String(last))
    return isNode(pair?.key) ? (pair.key.range?.[0] ?? null) : null
  }
  const node: unknown = document.getIn(place, true)
  return isNode(node) && !isAlias(node) ? (node.range?.[0] ?? null) : null
}
