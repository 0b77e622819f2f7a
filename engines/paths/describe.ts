/** What is wrong with a host or an endpoint, in the words that the operator who wrote it reads. */
import type { HostError } from './host.ts'
import type { TemplateError } from './template.ts'

/** What is wrong with a host, for the operator who wrote it. */
export function describeHostError(error: HostError): string {
  switch (error.reason) {
    case 'empty':
      return 'The host is empty.'
    case 'too_long':
      return `The host has ${error.chars} characters; at most ${error.charsMax} are allowed.`
    case 'bad_port':
      return `"${error.port}" is not a port.`
    case 'bad_ipv6':
      return 'The host is not an IPv6 address in brackets.'
    case 'bad_label':
      return `"${error.label}" cannot be a part of a host.`
    case 'partial_label_variable':
      return `"${error.label}": a host variable must be a whole label.`
    case 'only_variables':
      return 'A host cannot consist of variables alone.'
  }
}

/** What is wrong with a path, for the operator who wrote it. */
export function describeTemplateError(error: TemplateError): string {
  switch (error.reason) {
    case 'no_leading_slash':
      return 'The endpoint must begin with "/".'
    case 'too_long':
      return `The endpoint has ${error.chars} characters; at most ${error.charsMax} are allowed.`
    case 'too_many_variables':
      return `The endpoint has more than ${error.variablesMax} variables.`
    case 'too_many_segments':
      return `The endpoint has more than ${error.segmentsMax} segments.`
    case 'query_or_fragment':
      return `The endpoint must have neither query nor fragment (character ${error.index}).`
    case 'unbalanced_brace':
      return `A brace is not closed or not opened (character ${error.index}).`
    case 'slash_in_variable':
      return `A variable holds a "/" (character ${error.index}).`
    case 'empty_variable':
      return `A variable has no name (character ${error.index}).`
    case 'duplicate_variable':
      return `The variable "${error.name}" appears twice (character ${error.index}).`
    case 'dot_segment_removes_variable':
      return 'A ".." removes a variable.'
  }
}
