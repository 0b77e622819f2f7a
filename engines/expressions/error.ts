/**
 * Why an expression was refused, and where. Every refusal has a code from one closed list, a message for the
 * author of the rule, and a place in the source that can be drawn with a caret.
 */
export type ExpressionErrorCode =
  | 'expression_too_long'
  | 'nesting_too_deep'
  | 'unexpected_input'
  | 'expected_token'
  | 'invalid_string'
  | 'invalid_integer'
  | 'invalid_bytes'
  | 'invalid_ip'
  | 'invalid_range'
  | 'invalid_list_name'
  | 'invalid_index'
  | 'invalid_wildcard'
  | 'invalid_pattern'
  | 'unsupported_pattern'
  | 'pattern_too_large'
  | 'unknown_identifier'
  | 'unsupported_operator'
  | 'type_mismatch'
  | 'invalid_arguments'
  | 'invalid_replacement'
  | 'unsupported_function'
  | 'unknown_list'
  | 'wrong_phase'

/** Half-open range of UTF-16 offsets in the source. */
export type Span = { readonly start: number; readonly end: number }

/** A refusal by offset, as the stages of the compiler hand it on. */
export type Fault = {
  readonly code: ExpressionErrorCode
  readonly message: string
  readonly span: Span
}

/** A refusal by line and column (both from 1, in UTF-16 code units), as the author sees it. */
export type ExpressionError = {
  readonly code: ExpressionErrorCode
  readonly message: string
  readonly line: number
  readonly column: number
  readonly length: number
}

/** Turns offsets into line and column; a span over several lines is cut at the end of its first line. */
export function locate(source: string, fault: Fault): ExpressionError {
  const before = source.slice(0, fault.span.start)
  const lineStart = before.lastIndexOf('\n') + 1
  const newline = source.indexOf('\n', fault.span.start)
  const lineEnd = newline === -1 ? source.length : newline
  return {
    code: fault.code,
    message: fault.message,
    line: before.split('\n').length,
    column: fault.span.start - lineStart + 1,
    length: Math.max(1, Math.min(fault.span.end, lineEnd) - fault.span.start),
  }
}

/** Draws the error as wirefilter does: heading, source line, carets and reason. */
export function renderError(source: string, error: ExpressionError): string {
  const line = source.split('\n')[error.line - 1] ?? ''
  const caret = ' '.repeat(error.column - 1) + '^'.repeat(error.length)
  return `Filter parsing error (${error.line}:${error.column}):\n${line}\n${caret} ${error.message}\n`
}
