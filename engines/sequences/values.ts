/**
 * Values that have the same name must be the same, in whatever steps they occur. A value that a request does not have is the
 * empty text: for `require` it equals none, for `forbid` any. Left out, it would be a way around the rule either way.
 */
import type { SequencePattern } from './pattern.ts'

type Values = { readonly [name: string]: string }

/** What an entry keeps, by the names of its step. */
export type Kept = { readonly names: readonly string[]; readonly values: readonly string[] }

type Kind = SequencePattern['kind']

/** Whether what an entry keeps and what a move has are equal where they have the same name. */
export function agrees({ names, values: kept }: Kept, values: Values, kind: Kind): boolean {
  return names.every((name, index) => {
    const value = ownValue(values, name)
    if (value === undefined || value === kept[index]) return true
    return kind === 'forbid' && (value === '' || kept[index] === '')
  })
}

type Keeping = {
  readonly keeps: readonly string[]
  readonly before: Kept
  readonly kind: Kind
}

/** The values under the names that are to be kept; `null` when one has none that could ever be equal to another. */
export function keptValues(
  values: Values,
  { keeps, before, kind }: Keeping,
): readonly string[] | null {
  const kept = keeps.map((name) => {
    const earlier = before.values[before.names.indexOf(name)] ?? ''
    const own = ownValue(values, name)
    // One that any value equals does not take the place of one that is known.
    return kind === 'forbid' && own === '' ? earlier : (own ?? earlier)
  })
  return kind === 'require' && kept.includes('') ? null : kept
}

/** Names are written by people: `constructor` is one like any other. */
function ownValue(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
