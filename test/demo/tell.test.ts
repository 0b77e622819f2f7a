import { expect, test } from 'vitest'
import type { Step, World } from '../../demo/steps/step.ts'
import { tell } from '../../demo/tell.ts'

const world = {} as World

function refuse(): Promise<never> {
  return Promise.reject(new Error('401 Authentication error'))
}

async function linesOf(
  story: readonly Step[],
  told = new AbortController(),
): Promise<{ differing: number; lines: readonly string[] }> {
  const lines: string[] = []
  const { signal } = told
  const differing = await tell({ story, world, log: (line) => lines.push(line), signal })
  return { differing, lines }
}

test('a step that comes back as told is one aligned line', async () => {
  const story: readonly Step[] = [
    { does: 'ask', run: async () => ({ saw: '201' }), comesBack: '201' },
    { does: 'ask again', run: async () => ({ saw: '200' }), comesBack: '200' },
  ]
  expect(await linesOf(story)).toEqual({
    differing: 0,
    lines: ['✓ ask       → 201', '✓ ask again → 200'],
  })
})

test('a step that differs shows both, is counted, and the rest is told', async () => {
  const story: readonly Step[] = [
    { does: 'ask', run: async () => ({ saw: '201' }), comesBack: '403' },
    { does: 'go on', run: async () => ({ saw: 'yes' }), comesBack: 'yes' },
  ]
  expect(await linesOf(story)).toEqual({
    differing: 1,
    lines: ['✗ ask   → 201', '          expected: 403', '✓ go on → yes'],
  })
})

test('a step that throws differs', async () => {
  expect(await linesOf([{ does: 'ask', run: refuse, comesBack: '200' }])).toEqual({
    differing: 1,
    lines: ['✗ ask → 401 Authentication error', '        expected: 200'],
  })
})

test('what a step found out is known to those after it', async () => {
  const story: readonly Step[] = [
    {
      does: 'a',
      run: async () => ({ saw: '', rays: { a: '1' }, certificateIds: { x: 'i' } }),
      comesBack: '',
    },
    { does: 'b', run: async () => ({ saw: '', rays: { b: '2' } }), comesBack: '' },
    {
      does: 'c',
      run: async (_world, knowledge) => ({ saw: JSON.stringify(knowledge) }),
      comesBack: '{"certificateIds":{"x":"i"},"rays":{"a":"1","b":"2"}}',
    },
  ]
  expect((await linesOf(story)).differing).toBe(0)
})

test('told to stop, it says nothing of the step under way and does no other', async () => {
  const told = new AbortController()
  const run = async (): Promise<{ saw: string }> => {
    told.abort()
    return { saw: 'half' }
  }
  const step = { does: 'ask', run, comesBack: 'whole' }
  expect(await linesOf([step, step], told)).toEqual({ differing: 0, lines: [] })
})
