/**
 * Expressions to measure, and the requests to ask them about: those of public repositories with the cases that were made
 * around their literals where they are at hand, else wirefilter's unit tests, which are part of this repository.
 */
import { existsSync, readFileSync } from 'node:fs'
import { compileExpression } from '#engines/expressions'
import { type FieldValues, toFieldValues } from './sources.ts'

type JsonObject = { readonly [name: string]: unknown }

type RealExpressions = {
  readonly origin: string
  /** Each once, all of them compile. */
  readonly expressions: readonly string[]
  readonly requests: readonly FieldValues[]
}

const PUBLIC = new URL('../../shared/testdata/rules-language/', import.meta.url).pathname
const VECTORS = new URL('../test/vectors/rules-language/', import.meta.url).pathname

export function readRealExpressions(): RealExpressions {
  return existsSync(PUBLIC) ? readPublic() : readVectors()
}

function readPublic(): RealExpressions {
  const base = objectOf(JSON.parse(readFileSync(`${PUBLIC}base-request.json`, 'utf8')))
  const rows = readRows(`${PUBLIC}expressions.jsonl`)
  const cases = rows.flatMap((row): unknown[] => (Array.isArray(row['cases']) ? row['cases'] : []))
  return {
    origin: 'public repositories',
    expressions: expressionsOf(rows),
    requests: cases.map((each) => toFieldValues({ ...base, ...objectOf(objectOf(each)['diff']) })),
  }
}

function readVectors(): RealExpressions {
  const rows = readRows(`${VECTORS}wirefilter-unit-tests.jsonl`)
  return {
    origin: 'unit tests of wirefilter',
    expressions: expressionsOf(rows),
    requests: rows.map((row) => toFieldValues(objectOf(row['fields']))),
  }
}

function readRows(path: string): readonly JsonObject[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => objectOf(JSON.parse(line)))
}

function expressionsOf(rows: readonly JsonObject[]): readonly string[] {
  const sources = rows.map((row) => String(row['expression']))
  return [...new Set(sources)].filter((source) => compileExpression(source).ok)
}

/** Empty for what is no object. */
function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
