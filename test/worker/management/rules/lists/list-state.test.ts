import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../../../worker/management/limits.ts'
import {
  adding,
  itemsOf,
  type ListState,
  newList,
  removing,
  replacingItems,
  savingList,
} from '../../../../../worker/management/rules/lists/list-state.ts'
import type { ListPart } from '../../../../../worker/storage/resources.ts'

let count = 0
const PORTS = { now: '2026-01-01T00:00:00Z', newId: () => `${count++}` }

const empty = () => newList({ name: 'networks', kind: 'asn', description: '' }, PORTS)

const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 })
const step = fc.record({ how: fc.constantFrom('add', 'replace', 'remove'), numbers })

/** Each number stands for many items, so that several parts are in play. */
const spread = (values: readonly number[]) =>
  values.flatMap((value) =>
    Array.from({ length: LIMITS.listPartItemsMax / 10 }, (_, n) => ({ asn: value * 1_000 + n })),
  )

const asns = (list: ListState) => new Set(itemsOf(list).map(({ asn = -1 }) => asn))

test('whatever is done to a list, it holds what it should, in few parts, and what is written is what it is', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let list = empty()
      let expected = new Set<number>()
      const stored = new Map<string, ListPart>()
      const write = (before: ListState | undefined, after: ListState) => {
        const { puts, deletes } = savingList(before, after)
        for (const { id } of deletes) stored.delete(id)
        for (const put of puts) if (put.collection === 'list') stored.set(put.id, put.body)
      }
      write(undefined, list)
      for (const { how, numbers: values } of steps) {
        const items = spread(values)
        const named = new Set(items.map(({ asn }) => asn))
        const ids = itemsOf(list)
          .filter(({ asn = -1 }) => named.has(asn))
          .map(({ id }) => id)
        const next =
          how === 'add'
            ? adding(list, items, PORTS)
            : how === 'replace'
              ? replacingItems(list, items, PORTS)
              : removing(list, new Set(ids), PORTS)
        write(list, next)
        list = next
        if (how === 'add') expected = expected.union(named)
        else expected = how === 'replace' ? named : expected.difference(named)
        expect(asns(list)).toEqual(expected)
        expect(list.head.num_items).toBe(expected.size)
        expect(list.parts.every(({ items: held }) => held.length <= LIMITS.listPartItemsMax)).toBe(
          true,
        )
        expect([...stored.values()].toSorted((a, b) => a.number - b.number)).toEqual(list.parts)
      }
    }),
    { numRuns: 30 },
  )
})

test('what is there already is not written again', () => {
  const list = adding(empty(), spread([1, 2]), PORTS)
  expect(adding(list, spread([1]), PORTS)).toBe(list)
  expect(replacingItems(list, spread([2, 1]), PORTS)).toBe(list)
  expect(savingList(list, list)).toEqual({ puts: [], deletes: [] })
})
