/** Values that have the same name must be the same, in whatever steps they occur. */

type Values = { readonly [name: string]: string }

/** Whether what an entry keeps and what a move has are equal where they have the same name. No entry keeps the empty text. */
export function agrees(kept: readonly string[], names: readonly string[], values: Values): boolean {
  return names.every((name, index) => {
    const value = ownValue(values, name)
    return value === undefined || value === kept[index]
  })
}

/** The values under the names that are to be kept; `null` when one has none: what follows could never equal it. */
export function keptValues(
  keeps: readonly string[],
  values: Values,
  before: { readonly names: readonly string[]; readonly values: readonly string[] },
): readonly string[] | null {
  const kept = keeps.map(
    (name) => ownValue(values, name) ?? before.values[before.names.indexOf(name)] ?? '',
  )
  return kept.includes('') ? null : kept
}

/** Names are written by people: `constructor` is one like any other. */
function ownValue(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
