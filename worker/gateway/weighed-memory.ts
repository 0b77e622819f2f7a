/**
 * A memory bounded by the weight of what it holds, or by its number where nothing is weighed: what was remembered first makes
 * room. Too heavy alone is not remembered.
 */
export type WeighedMemory<T> = {
  get(key: string): T | undefined
  set(key: string, value: T, weight?: number): void
}

export function createWeighedMemory<T>(weightMax: number): WeighedMemory<T> {
  // A Map hands out its keys in the order in which they were set.
  const held = new Map<string, { readonly value: T; readonly weight: number }>()
  let total = 0

  function forget(key: string): void {
    total -= held.get(key)?.weight ?? 0
    held.delete(key)
  }

  return {
    get: (key) => held.get(key)?.value,
    set(key, value, weight = 1) {
      forget(key)
      if (weight > weightMax) return
      for (const oldest of held.keys()) {
        if (total + weight <= weightMax) break
        forget(oldest)
      }
      held.set(key, { value, weight })
      total += weight
    },
  }
}
