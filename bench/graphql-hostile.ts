/** Bodies that are made to cost much: a megabyte, and as many bytes as the default limit lets in. */
import { graphqlLimits } from '#engines/graphql'
import type { GraphqlBody } from './graphql-bodies.ts'

export function createHostileBodies(): readonly GraphqlBody[] {
  const within = graphqlLimits.bodyBytesMax - 100
  const documents: readonly (readonly [string, string])[] = [
    ['1 MB of a flat list', `{a(b:[${'1,'.repeat(500_000)}])}`],
    ['1 MB of braces', '{'.repeat(1_000_000)],
    ['a flat list', `{a(b:[${'1,'.repeat(within / 2 - 10)}])}`],
    ['nested fields', `${'{a'.repeat(within / 3)}${'}'.repeat(within / 3)}`],
    ['aliases', `{${'a:b '.repeat(within / 4 - 10)}}`],
    ['directives', `{a ${'@b'.repeat(within / 2 - 10)}}`],
    ['8,000 spreads over 500 fragments', spreads()],
    ['a bomb of 400 fragments', bomb()],
    ['one string', `{a(b:"${'x'.repeat(within - 50)}")}`],
    ['one comment', `{a}#${'x'.repeat(within - 50)}`],
    ['comments', `${'#\n'.repeat(within / 3 - 10)}{a}`],
    ['line ends', `${'\n'.repeat(within / 2 - 10)}{a}`],
  ]
  const bodies = documents.map(([name, query]) => ({ name, text: JSON.stringify({ query }) }))
  const one = '{"query":"{a}"}'
  return [
    ...bodies,
    { name: 'a batch of 10,000', text: `[${Array(10_000).fill(one).join(',')}]` },
    { name: 'variables', text: `{"variables":[${'1,'.repeat(within / 2 - 20)}1],"query":"{a}"}` },
    { name: 'escapes', text: `{"query":"{a(b:\\"${'\\u0061'.repeat(within / 6 - 10)}\\")}"}` },
  ]
}

function spreads(): string {
  const uses = Array.from({ length: 8000 }, (_, place) => `...F${place % 500}`)
  const fragments = Array.from({ length: 500 }, (_, place) => `fragment F${place} on Q{a}`)
  return `{${uses.join(' ')}}${fragments.join('')}`
}

function bomb(): string {
  const fragments = Array.from(
    { length: 400 },
    (_, place) => `fragment F${place} on Q{a{...F${place + 1}}b{...F${place + 1}}}`,
  )
  return `{...F0}${fragments.join('')}`
}
