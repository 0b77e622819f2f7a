import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpression, fieldIndex, type FieldSource, type Value } from '#engines/expressions'
import { indexRules } from '../../../engines/rulesets/index-rules.ts'
import type { IndexedRequest, Rule } from '../../../engines/rulesets/rule.ts'

function rule(id: string, source: string): Rule<null> {
  const expression = compileExpression(source)
  if (!expression.ok) throw new Error(`${source}: ${expression.error.message}`)
  return {
    id,
    description: '',
    rulesetId: null,
    source: 'firewallCustom',
    expression: expression.value,
    operationIds: null,
    needs: null,
    action: { kind: 'log' },
  }
}

function sourceOf({ host, method, path }: IndexedRequest): FieldSource {
  const values = new Map<number, Value>([
    [fieldIndex('http.host'), host],
    [fieldIndex('http.request.method'), method],
    [fieldIndex('http.request.uri.path'), path],
    [fieldIndex('ssl'), true],
  ])
  return { field: (index) => values.get(index), entry: () => undefined, list: () => undefined }
}

const host = fc.constantFrom('a.example', 'b.example', 'A.example', '')
const method = fc.constantFrom('GET', 'POST')
const path = fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab', '/ab/c', '/b/c/d', '//a')
const quoted = (of: fc.Arbitrary<string>) => of.map((text) => JSON.stringify(text))
const set = (of: fc.Arbitrary<string>) =>
  fc.array(quoted(of), { minLength: 1, maxLength: 3 }).map((items) => `{${items.join(' ')}}`)

const predicate = fc.oneof(
  quoted(host).map((text) => `http.host eq ${text}`),
  set(host).map((items) => `http.host in ${items}`),
  quoted(method).map((text) => `http.request.method eq ${text}`),
  quoted(path).map((text) => `http.request.uri.path eq ${text}`),
  set(path).map((items) => `http.request.uri.path in ${items}`),
  quoted(path).map((text) => `starts_with(http.request.uri.path, ${text})`),
  fc.constant('ssl'),
)
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    predicate,
    fc
      .tuple(tie('expression'), fc.constantFrom('and', 'or', 'xor'), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie('expression').map((inner) => `not (${inner})`),
  ),
}))

describe('the index of rules', () => {
  test('finds every rule that holds, in the order of the list, for any rules and requests', () => {
    fc.assert(
      fc.property(
        fc.array(expression, { minLength: 8, maxLength: 40 }),
        fc.array(fc.record({ host, method, path }), { minLength: 1, maxLength: 10 }),
        (expressions, requests) => {
          const rules = expressions.map((source, n) => rule(String(n), source))
          const candidates = indexRules(rules)
          for (const request of requests) {
            const source = sourceOf(request)
            const holding = (list: readonly Rule<null>[]) =>
              list.filter((each) => each.expression.evaluate(source)).map(({ id }) => id)
            expect(holding(candidates(request))).toEqual(holding(rules))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('asks few of many rules that each demand another host or path', () => {
    const rules = Array.from({ length: 1000 }, (_, n) =>
      rule(
        String(n),
        n % 2 === 0
          ? `http.host eq "${n}.example" and ssl`
          : `starts_with(http.request.uri.path, "/v${n}/") and http.request.method in {"GET" "PUT"}`,
      ),
    )
    const candidates = indexRules(rules)
    expect(
      candidates({ host: '10.example', method: 'GET', path: '/v11/x' }).map((r) => r.id),
    ).toEqual(['10', '11'])
    expect(candidates({ host: 'other', method: 'POST', path: '/v11/x' })).toEqual([])
  })
})
