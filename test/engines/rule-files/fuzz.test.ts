import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readList, readListItems, readRule, readRuleFile, readSequence } from '#engines/rule-files'

/** Values that are often nearly right. */
const word = fc.oneof(
  fc.constantFrom('block', 'execute', 'log', 'skip', 'current', 'http_ratelimit', 'ssl', 'ip.src'),
  fc.constantFrom('http_request_firewall_custom', 'custom', 'zone', 'ip', 'asn', '192.0.2.0/24'),
  fc.constantFrom('exact', 'approximate', 'share', 'pass', 'cf.portcullis.graphql.cost'),
  fc.constantFrom('GET a.example/{id}', '*', '10m', 'answered', 'client'),
  fc.constantFrom('__proto__', 'constructor', ''),
  fc.string({ maxLength: 8 }),
)
const name = fc.oneof(
  fc.constantFrom('action', 'action_parameters', 'expression', 'ref', 'enabled', 'logging'),
  fc.constantFrom('ratelimit', 'characteristics', 'period', 'requests_per_period', 'categories'),
  fc.constantFrom('score_per_period', 'score_expression', 'when_missing', 'mode'),
  fc.constantFrom('id', 'phases', 'rules', 'rulesets', 'ruleset', 'response', 'lists', 'items'),
  fc.constantFrom('kind', 'name', 'phase', 'ip', 'asn', 'hostname', 'url_hostname', 'redirect'),
  fc.constantFrom('require', 'forbid', 'operation', 'operations', 'within', 'without', 'bind'),
  fc.constantFrom('sequences', 'immediately', 'at_most', 'counts', 'without_session'),
  fc.constantFrom('__proto__', 'toString'),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    word,
    fc.integer({ min: -2, max: 90_000 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 8 }),
  ),
}))

const phase = fc.constantFrom('http_request_firewall_custom', 'http_ratelimit')
const kind = fc.constantFrom('zone', 'custom', 'root')

test('nothing that is read throws, and whatever is taken is taken again as it was read', () => {
  fc.assert(
    fc.property(value, phase, kind, (written, where, what) => {
      const context = { phase: where, kind: what, lists: {} }
      const rule = readRule(written, context)
      if (rule.ok) expect(readRule(rule.value, context)).toEqual(rule)
      else expect(rule.error.length).toBeGreaterThan(0)
      const list = readList(written)
      expect(list.ok || list.error.length > 0).toBe(true)
      for (const listKind of ['ip', 'hostname', 'asn', 'redirect'] as const) {
        const items = readListItems(listKind, [written])
        expect(items.ok || items.error.length > 0).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})

const step = fc.record(
  {
    operation: fc.oneof(word, value),
    within: fc.oneof(fc.constantFrom('10m', 7), value),
    immediately: fc.oneof(fc.boolean(), value),
    without: fc.oneof(fc.array(word, { maxLength: 2 }), value),
    bind: fc.oneof(fc.dictionary(fc.constantFrom('id', '__proto__'), word), value),
  },
  { requiredKeys: ['operation'] },
)

test('no sequence throws, and what is taken is taken again as it was read', () => {
  const steps = fc.array(step, { maxLength: 3 })
  fc.assert(
    fc.property(word, steps, fc.constantFrom('require', 'forbid'), (ref, written, kindOf) => {
      const read = readSequence({ ref, [kindOf]: written })
      if (read.ok) {
        const { kind: _kind, steps: taken, ...rest } = read.value
        expect(readSequence({ ...rest, [kindOf]: taken })).toEqual(read)
      } else expect(read.error.length).toBeGreaterThan(0)
    }),
    { numRuns: 2_000 },
  )
})

test('no file throws, and every error of one has a line', () => {
  fc.assert(
    fc.property(value, (written) => {
      const read = readRuleFile('rules/x.yaml', JSON.stringify(written, null, 1))
      if (!read.ok) {
        expect(read.error.length).toBeGreaterThan(0)
        expect(read.error.every(({ line }) => line === null || line >= 1)).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('no text throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const read = readRuleFile('rules/x.yaml', text)
      expect(read.ok || read.error.length > 0).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
