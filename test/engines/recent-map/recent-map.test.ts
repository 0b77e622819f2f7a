import { expect, test } from 'vitest'
import { RecentMap } from '#engines/recent-map'

test('what was used longest ago makes room, and is told of', () => {
  const left: string[] = []
  const map = new RecentMap<number>(2, (key, value) => left.push(`${key} ${value}`))
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  map.set('c', 4)
  expect(left).toEqual(['b 2'])
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4])
})

test('a million keys never hold more than there is room for', () => {
  let left = 0
  const map = new RecentMap<number>(4_096, () => (left += 1))
  let most = 0
  for (let n = 0; n < 1_000_000; n++) {
    map.set(`${n}`, n)
    if (n % 100_000 === 0) most = Math.max(most, map.size)
  }
  expect(most).toBeLessThanOrEqual(4_096)
  expect(left).toBe(1_000_000 - 4_096)
})
