/**
 * Texts that hold a whole parameter: the styles matrix, label, simple, and the forms that are not exploded (OpenAPI 3.1.1,
 * "Style Values"; RFC 6570 §3.2). They are split before they are unescaped, so an escaped delimiter is data.
 */
import { err } from '#engines/result'
import {
  listOf,
  membersOf,
  type Structured,
  type StructureKind,
  textOf,
  type Unescape,
} from './structure.ts'

export type DelimitedStyle =
  | 'matrix'
  | 'label'
  | 'simple'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'

export type Delimited = {
  readonly style: DelimitedStyle
  readonly explode: boolean
  /** Of the parameter; matrix repeats it in the text. */
  readonly name: string
  readonly unescape: Unescape
  /** Header fields may have white space around their commas (RFC 9110 §5.6.1). */
  readonly isHeader: boolean
}

export function readDelimited(raw: string, kind: StructureKind, how: Delimited): Structured {
  if (how.style === 'label') {
    return raw.startsWith('.') ? readBare(raw.slice(1), kind, how) : err('malformed')
  }
  return how.style === 'matrix' ? readMatrix(raw, kind, how) : readBare(raw, kind, how)
}

/** What stands between items. */
const DELIMITERS = {
  label: (explode: boolean) => (explode ? '.' : ','),
  simple: () => ',',
  form: () => ',',
  // A space is escaped in one of two ways; an unescaped one comes from a client that should not.
  spaceDelimited: () => / |\+|%20/,
  pipeDelimited: () => /\||%7C/i,
} as const

function readBare(raw: string, kind: StructureKind, how: Delimited): Structured {
  const { style, explode, unescape, isHeader } = how
  if (kind === 'text' || style === 'matrix') return textOf(raw, unescape)
  const split = raw === '' ? [] : raw.split(DELIMITERS[style](explode))
  const pieces = isHeader ? split.map((piece) => piece.trim()) : split
  if (kind === 'list') return listOf(pieces, unescape)
  return explode && (style === 'simple' || style === 'label')
    ? readAssignments(pieces, unescape)
    : readAlternating(pieces, unescape)
}

/** `;name=a,b` · `;name=a;name=b` · `;name=k,v` · `;k=v;l=w`, where `;name` alone is the empty text. */
function readMatrix(raw: string, kind: StructureKind, how: Delimited): Structured {
  const { name, explode, unescape } = how
  if (!raw.startsWith(';')) return err('malformed')
  const pieces = raw.slice(1).split(';')
  if (explode && kind === 'members') return readAssignments(pieces, unescape)
  const values = pieces.map((piece) => {
    if (piece === name) return ''
    return piece.startsWith(`${name}=`) ? piece.slice(name.length + 1) : null
  })
  if (!values.every((value) => value !== null)) return err('malformed')
  if (explode && kind === 'list') return listOf(values, unescape)
  const [value = '', ...more] = values
  if (more.length > 0) return err('malformed')
  return readBare(value, kind, { ...how, style: 'simple', explode: false })
}

function readAssignments(pieces: readonly string[], unescape: Unescape): Structured {
  const pairs = pieces.map((piece) => {
    const equals = piece.indexOf('=')
    return equals === -1 ? null : ([piece.slice(0, equals), piece.slice(equals + 1)] as const)
  })
  return pairs.every((pair) => pair !== null) ? membersOf(pairs, unescape) : err('malformed')
}

function readAlternating(pieces: readonly string[], unescape: Unescape): Structured {
  if (pieces.length % 2 === 1) return err('malformed')
  const pairs = pieces.flatMap((piece, index) =>
    index % 2 === 0 ? [[piece, pieces[index + 1] ?? ''] as const] : [],
  )
  return membersOf(pairs, unescape)
}
