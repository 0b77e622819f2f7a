/**
 * Endpoint templates: `/users/{id}`, `/files/{name}.json`, `/{from}-{to}`.
 *
 * Promises one spelling for each endpoint: variables renamed left to right to `{var1}`, `{var2}` …,
 * then normalised as requests are. A variable stands for one or more characters of one segment.
 * Refuses what can never match a path (a query, a fragment) or has no single reading.
 */
import { err, ok, type Result } from '#engines/result'
import { pathLimits, type PathLimits } from './limits.ts'
import { normalizeEndpoint } from './normalize.ts'

export type ParsedTemplate = {
  /** Canonical endpoint, as stored and shown: `/users/{var1}`. */
  readonly endpoint: string
  /** Names as written, in order: `variables[0]` is `{var1}`. */
  readonly variables: readonly string[]
}

export type TemplateError =
  | { readonly reason: 'no_leading_slash' }
  | { readonly reason: 'too_long'; readonly chars: number; readonly charsMax: number }
  | { readonly reason: 'too_many_variables'; readonly variablesMax: number }
  | { readonly reason: 'too_many_segments'; readonly segmentsMax: number }
  | { readonly reason: 'query_or_fragment'; readonly index: number }
  | { readonly reason: 'unbalanced_brace'; readonly index: number }
  | { readonly reason: 'slash_in_variable'; readonly index: number }
  | { readonly reason: 'empty_variable'; readonly index: number }
  | { readonly reason: 'duplicate_variable'; readonly index: number; readonly name: string }
  | { readonly reason: 'dot_segment_removes_variable' }

/** One segment of a canonical endpoint: its literals stand around and between its variables. */
export type TemplateSegment = {
  readonly text: string
  /** `literals.length - 1` is the number of variables; a static segment is one literal. */
  readonly literals: readonly string[]
}

/** Parses an endpoint as an operator writes it; indexes in errors are UTF-16 units from its start. */
export function parseTemplate(
  endpoint: string,
  limits: PathLimits = pathLimits,
): Result<ParsedTemplate, TemplateError> {
  const refused = checkWhole(endpoint, limits)
  if (refused !== null) return err(refused)
  const pieces = splitVariables(endpoint)
  if (!pieces.ok) return pieces
  const { literals, variables } = pieces.value
  if (variables.length > limits.endpointVariablesMax) {
    return err({ reason: 'too_many_variables', variablesMax: limits.endpointVariablesMax })
  }
  const renamed = literals.map((literal, index) =>
    index === 0 ? literal : `{var${index}}${literal}`,
  )
  const canonical = normalizeEndpoint(renamed.join(''))
  const segments = templateSegments(canonical)
  if (segments.length > limits.endpointSegmentsMax) {
    return err({ reason: 'too_many_segments', segmentsMax: limits.endpointSegmentsMax })
  }
  const kept = segments.reduce((count, segment) => count + segment.literals.length - 1, 0)
  if (kept !== variables.length) return err({ reason: 'dot_segment_removes_variable' })
  return ok({ endpoint: canonical, variables })
}

/** Splits a canonical endpoint into segments; text without a matching brace is a literal. */
export function templateSegments(endpoint: string): readonly TemplateSegment[] {
  return endpoint
    .slice(1)
    .split('/')
    .map((text) => ({ text, literals: text.split(/\{[^{}]*\}/) }))
}

/** Whether the segment is one variable and nothing else. */
export function isWholeVariable({ literals }: TemplateSegment): boolean {
  return literals.length === 2 && literals[0] === '' && literals[1] === ''
}

function checkWhole(endpoint: string, limits: PathLimits): TemplateError | null {
  if (endpoint.length > limits.endpointCharsMax) {
    return { reason: 'too_long', chars: endpoint.length, charsMax: limits.endpointCharsMax }
  }
  return endpoint.startsWith('/') ? null : { reason: 'no_leading_slash' }
}

type Pieces = { readonly literals: readonly string[]; readonly variables: readonly string[] }

function splitVariables(endpoint: string): Result<Pieces, TemplateError> {
  const literals: string[] = []
  const variables: string[] = []
  let start = 0
  for (;;) {
    const open = endpoint.indexOf('{', start)
    const literal = endpoint.slice(start, open < 0 ? undefined : open)
    const wrong = checkLiteral(literal, start)
    if (wrong !== null) return err(wrong)
    literals.push(literal)
    if (open < 0) return ok({ literals, variables })
    const close = endpoint.indexOf('}', open)
    const name = endpoint.slice(open + 1, close)
    if (close < 0 || name.includes('{')) return err({ reason: 'unbalanced_brace', index: open })
    if (name.includes('/')) return err({ reason: 'slash_in_variable', index: open })
    if (name.trim() === '') return err({ reason: 'empty_variable', index: open })
    if (variables.includes(name)) return err({ reason: 'duplicate_variable', index: open, name })
    variables.push(name)
    start = close + 1
  }
}

function checkLiteral(literal: string, start: number): TemplateError | null {
  const brace = literal.indexOf('}')
  if (brace >= 0) return { reason: 'unbalanced_brace', index: start + brace }
  const end = literal.search(/[?#]/)
  return end < 0 ? null : { reason: 'query_or_fragment', index: start + end }
}
