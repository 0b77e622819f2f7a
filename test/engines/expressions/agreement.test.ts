/**
 * Agreement with cloudflare/wirefilter: on an excerpt of its own unit tests, which is part of this repository, and on
 * expressions of public repositories, damaged variants of them and made-up requests, which are not.
 */
import { existsSync, readFileSync } from 'node:fs'
import { compileExpression, fieldIndex } from '#engines/expressions'
import { beforeEach, describe, expect, test } from 'vitest'
import { fieldSource } from './support.ts'

type UnitRow = { readonly file: string; readonly expression: string } & (
  | { readonly parse: string }
  | { readonly fields: Record<string, unknown>; readonly expected: boolean }
)
type PublicRow = {
  readonly expression: string
  readonly oracle_parse?: string
  readonly cases?: readonly { readonly diff: Record<string, unknown>; readonly expected: boolean }[]
}
type MutationRow = {
  readonly expression: string
  readonly parse: string
  readonly message?: string | null
}

const VECTORS = new URL('../../vectors/rules-language/', import.meta.url).pathname
const DATA = new URL('../../../../shared/testdata/rules-language/', import.meta.url).pathname

describe('agreement with the unit tests of wirefilter', () => {
  const rows = readLines(`${VECTORS}wirefilter-unit-tests.jsonl`, isUnitRow)

  test.each(rows.filter((row) => 'parse' in row))(
    '$parse: $expression',
    ({ expression, parse }) => {
      expect(isAccepted(expression)).toBe(parse === 'ok')
    },
  )

  test.each(rows.filter((row) => 'expected' in row))(
    '$expected: $expression, $fields',
    ({ expression, fields, expected }) => {
      const compiled = compileExpression(expression)
      expect(compiled.ok && compiled.value.evaluate(fieldSource(fields))).toBe(expected)
    },
  )
})

describe('agreement with wirefilter on public expressions', () => {
  beforeEach((context) => {
    context.skip(!existsSync(DATA), 'shared/testdata/rules-language is absent')
  })

  test('every field of the oracle exists', () => {
    const names = Object.keys(readObject(`${DATA}scheme.json`))
    expect(names.filter((name) => fieldIndex(name) === -1)).toEqual([])
  })

  test('public expressions are accepted or refused alike', () => {
    const rows = readLines(`${DATA}expressions.jsonl`, isPublicRow).filter(
      (row) => row.oracle_parse === 'ok' || row.oracle_parse === 'error',
    )
    const disagreements = rows
      .filter((row) => isAccepted(row.expression) !== (row.oracle_parse === 'ok'))
      .map((row) => row.expression)
    expect(disagreements).toEqual([])
    expect(rows).toHaveLength(184)
  })

  test('damaged expressions are accepted or refused alike', () => {
    const rows = readLines(`${DATA}mutations.jsonl`, isMutationRow)
    const disagreements = rows
      .filter((row) => isAccepted(row.expression) !== (row.parse === 'ok'))
      .map((row) => row.expression)
    expect(disagreements).toEqual([])
    expect(rows).toHaveLength(1000)
  })

  test('errors of damaged expressions stand at the same line and column', () => {
    const places = readLines(`${DATA}mutations.jsonl`, isMutationRow).flatMap((row) => {
      const [, line, column] = /\((\d+):(\d+)\)/.exec(row.message ?? '') ?? []
      return row.parse === 'ok' || line === undefined
        ? []
        : { expression: row.expression, line: Number(line), column: Number(column) }
    })
    const disagreements = places.filter(({ expression, line, column }) => {
      const compiled = compileExpression(expression)
      return compiled.ok || compiled.error.line !== line || compiled.error.column !== column
    })
    expect(disagreements).toEqual([])
    expect(places).toHaveLength(680)
  })

  // The oracle takes `ne` on a missing value for true; no row here has one, so no departure is listed.
  test('verdicts on requests agree', () => {
    const base = readObject(`${DATA}base-request.json`)
    const disagreements: unknown[] = []
    let count = 0
    for (const row of readLines(`${DATA}expressions.jsonl`, isPublicRow)) {
      const compiled = compileExpression(row.expression)
      if (!compiled.ok) continue
      for (const { diff, expected } of row.cases ?? []) {
        count += 1
        const verdict = compiled.value.evaluate(fieldSource({ ...base, ...diff }))
        if (verdict !== expected) disagreements.push({ expression: row.expression, diff, expected })
      }
    }
    expect(disagreements).toEqual([])
    expect(count).toBe(1338)
  })
})

function isAccepted(expression: string): boolean {
  return compileExpression(expression).ok
}

function hasExpression(row: unknown): row is { readonly expression: string } {
  return typeof row === 'object' && row !== null && 'expression' in row
}

function isUnitRow(row: unknown): row is UnitRow {
  return hasExpression(row) && ('parse' in row || ('fields' in row && 'expected' in row))
}

function isPublicRow(row: unknown): row is PublicRow {
  return hasExpression(row)
}

function isMutationRow(row: unknown): row is MutationRow {
  return hasExpression(row) && 'parse' in row
}

function readObject(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function readLines<T>(path: string, isRow: (row: unknown) => row is T): readonly T[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  const rows = lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line))
  return rows.filter((row) => isRow(row))
}
