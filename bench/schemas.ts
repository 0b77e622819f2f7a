/**
 * What it costs to say that a body conforms: our closures beside generated code (ajv: a bound that no Worker reaches, since
 * it may not generate code), the interpreter that is our oracle, and `JSON.parse` of the same body.
 * Then what it costs to read and compile a large document, beside `JSON.parse` of its text.
 */
import { Validator } from '@cfworker/json-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'
import { findingsOf } from '../engines/openapi/compile/run.ts'
import { compileSchema } from '../engines/openapi/compile/schema.ts'
import { compileProfile, extractOperations, readDocument } from '#engines/openapi'
import { canary, cpuNs, measure, quantile, rounded, type BenchCase } from './harness.ts'
import { largeDocument, orderSchemas, orderText } from './schema-bodies.ts'

type Row = { readonly [name: string]: unknown }

export async function* benchSchemas(): AsyncIterable<Row> {
  const ajv = compileAjv()
  // About 2, 9 and 90 KB.
  for (const lines of [8, 45, 480]) yield measureBody(orderText(lines), ajv)
  for (const operations of [1000, 10_000]) yield measureDocument(largeDocument(operations))
}

const wholeSchema = { ...orderSchemas.body, $defs: orderSchemas.shared }

type Answer = (value: unknown) => boolean

function measureBody(text: string, ajv: Answer): Row {
  const value: unknown = JSON.parse(text)
  const check = compileSchema(orderSchemas.body, orderSchemas.shared)
  const interpreter = new Validator(JSON.parse(JSON.stringify(wholeSchema)), '2020-12', true)
  const answers: readonly (readonly [string, Answer])[] = [
    ['closures', (each) => findingsOf(check, each).length === 0],
    ['@cfworker/json-schema', (each) => interpreter.validate(each).valid],
    ['ajv', ajv],
  ]
  for (const [name, isValid] of answers) {
    if (!isValid(value)) throw new Error(`${name} refuses a valid body`)
  }
  const measured = measure([
    ...answers.map(([name, isValid]) => caseOf(name, () => isValid(value))),
    caseOf('JSON.parse', () => JSON.parse(text) !== null),
    canary,
  ])
  const ns = (name: string) => measured.get(name)?.nsMedian ?? Number.NaN
  return {
    bench: 'schema',
    body_bytes: text.length,
    closures_us: rounded(ns('closures') / 1000),
    ratio_to_json_parse: rounded(ns('closures') / ns('JSON.parse')),
    ratio_to_ajv: rounded(ns('closures') / ns('ajv')),
    times_faster_than_cfworker: rounded(ns('@cfworker/json-schema') / ns('closures')),
    canary_ns: rounded(ns('canary')),
  }
}

function caseOf(name: string, work: () => boolean): BenchCase {
  return {
    name,
    run(times) {
      let held = 0
      for (let at = 0; at < times; at++) if (work()) held += 1
      return held
    },
  }
}

const documentRounds = 5

function measureDocument(text: string): Row {
  const rounds = Array.from({ length: documentRounds }, () => ({
    parse: cpuNs(() => Object.keys(JSON.parse(text)).length),
    compile: cpuNs(() => compileDocument(text)),
  }))
  const median = (name: 'parse' | 'compile') =>
    quantile(
      rounds.map((round) => round[name]),
      0.5,
    )
  return {
    bench: 'document',
    document_bytes: text.length,
    operations: compileDocument(text),
    read_extract_compile_ms: rounded(median('compile') / 1e6),
    ratio_to_json_parse: rounded(median('compile') / median('parse')),
  }
}

function compileDocument(text: string): number {
  const document = readDocument(text)
  if (!document.ok) throw new Error(document.error.issues[0].message)
  const { operations } = extractOperations(document.value)
  const { profile } = compileProfile(document.value)
  return Math.min(operations.length, Object.keys(profile.operations).length)
}

function compileAjv(): Answer {
  const ajv = new Ajv2020()
  ajvFormats(ajv)
  return ajv.compile(wholeSchema)
}
