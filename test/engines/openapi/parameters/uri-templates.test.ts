/** The suite of RFC 6570 backwards: what a template expands to is read as the variables it was made of. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileProfile } from '#engines/openapi'
import { createValidator } from '#engines/openapi/validate'
import { responses, withPaths } from '../documents.ts'
import { hasTestdata, readRows } from '../testdata.ts'

type Row = {
  readonly template: string
  readonly variables: { readonly [name: string]: unknown }
  readonly expansions: readonly string[] | null
}

type Expression = {
  readonly operator: string
  readonly names: readonly { readonly name: string; readonly isExploded: boolean }[]
}

/** Why a row says nothing about OpenAPI, whose styles are the operators of RFC 6570 with one variable each. */
type NotApplicable =
  | 'not a template'
  | 'a prefix of a value: no style has it'
  | 'reserved characters in a path, or a fragment: no style has it'
  | 'several variables in one expression of a path: a parameter has one'
  | 'a list over several segments: a variable is one'
  | 'nothing stands for the variable: that is another path'

const STYLES: { readonly [operator: string]: string } = {
  '': 'simple',
  '/': 'simple',
  '.': 'label',
  ';': 'matrix',
  '?': 'form',
  '&': 'form',
}

const VECTORS = join(
  import.meta.dirname,
  '../../../vectors/param-serialization/uri-templates.jsonl',
)

describe('templates of which an OpenAPI parameter has the style', () => {
  const rows = readFileSync(VECTORS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

  test.each(rows)('$template', (row) => {
    expect(notApplicable(row)).toBeNull()
    for (const expansion of row.expansions ?? []) {
      expect(readBack(row, expansion)).toEqual(expected(row))
    }
  })
})

test.skipIf(!hasTestdata('param-serialization'))(
  'all of the suite, and why the others say nothing (skipped without the testdata beside the repository)',
  () => {
    const rows = readRows('param-serialization/uri-templates.jsonl') as readonly Row[]
    const reasons = new Map<string, number>()
    for (const row of rows) {
      const reason = notApplicable(row) ?? 'read'
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      if (reason !== 'read') continue
      for (const expansion of row.expansions ?? []) {
        expect(readBack(row, expansion), row.template).toEqual(expected(row))
      }
    }
    expect(reasons).toMatchInlineSnapshot(`
      Map {
        "read" => 59,
        "reserved characters in a path, or a fragment: no style has it" => 27,
        "several variables in one expression of a path: a parameter has one" => 12,
        "a prefix of a value: no style has it" => 16,
        "a list over several segments: a variable is one" => 4,
        "nothing stands for the variable: that is another path" => 3,
        "not a template" => 20,
      }
    `)
  },
)

function expressionsOf(template: string): readonly Expression[] {
  return Array.from(
    template.matchAll(/\{([+#./;?&]?)([^}]*)\}/g),
    ([, operator = '', list = '']) => ({
      operator,
      names: list.split(',').map((each) => ({
        name: each.replace(/\*$/, ''),
        isExploded: each.endsWith('*'),
      })),
    }),
  )
}

function notApplicable({ template, variables, expansions }: Row): NotApplicable | null {
  if (expansions === null) return 'not a template'
  const expressions = expressionsOf(template)
  const names = expressions.flatMap((each) => each.names)
  if (names.some(({ name }) => name.includes(':'))) return 'a prefix of a value: no style has it'
  if (expressions.some(({ operator }) => operator === '+' || operator === '#')) {
    return 'reserved characters in a path, or a fragment: no style has it'
  }
  const inPath = expressions.filter(({ operator }) => operator !== '?' && operator !== '&')
  if (inPath.some((each) => each.names.length > 1)) {
    return 'several variables in one expression of a path: a parameter has one'
  }
  for (const {
    operator,
    names: [only],
  } of inPath) {
    const value = variables[only?.name ?? '']
    if (isNothing(value)) return 'nothing stands for the variable: that is another path'
    if (operator === '/' && only?.isExploded === true && typeof value === 'object') {
      return 'a list over several segments: a variable is one'
    }
  }
  return null
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

function expected({ template, variables }: Row): object {
  const names = expressionsOf(template).flatMap((each) => each.names)
  return Object.fromEntries(
    names.flatMap(({ name }) => (isNothing(variables[name]) ? [] : [[name, variables[name]]])),
  )
}

/** The variables as the shield reads them from an expansion. */
function readBack({ template, variables }: Row, expansion: string): object {
  const expressions = expressionsOf(template)
  const parameters = expressions.flatMap(({ operator, names }) =>
    names.map(({ name, isExploded }) => ({
      name,
      in: operator === '?' || operator === '&' ? 'query' : 'path',
      required: operator !== '?' && operator !== '&',
      style: STYLES[operator],
      explode: isExploded,
      schema: schemaOf(variables[name]),
    })),
  )
  const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
  const path = `/a/${inPath.map((name) => `{${name}}`).join('/')}`
  const document = withPaths({ [path]: { get: { parameters, responses } } })
  const validator = createValidator(compileProfile(document).profile, `GET ${path}`)
  const decoded = validator?.decode({
    variables: rawVariables(template, expansion),
    query: expansion.includes('?') ? expansion.slice(expansion.indexOf('?') + 1) : expansion,
    header: () => null,
    cookie: null,
    contentType: null,
    body: { kind: 'none' },
  })
  return { ...decoded?.path, ...decoded?.query }
}

function schemaOf(value: unknown): object {
  if (Array.isArray(value)) return { type: 'array', items: { type: 'string' } }
  if (typeof value === 'number') return { type: 'number' }
  const additionalProperties = { type: 'string' }
  const isMembers = typeof value === 'object' && value !== null
  return isMembers ? { type: 'object', additionalProperties } : { type: 'string' }
}

/** What stands for each expression of the path; of `{/a}` the slash is the path's. */
function rawVariables(template: string, expansion: string): readonly string[] {
  const path = template.replaceAll(/\{[?&][^}]*\}/g, '').replaceAll('{/', '/{')
  const literals = path.split(/\{[^}]*\}/).map((literal) => RegExp.escape(encodeURI(literal)))
  return new RegExp(`^${literals.join('(.*?)')}(?:[?&].*)?$`).exec(expansion)?.slice(1) ?? []
}
