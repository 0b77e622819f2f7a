/** A map bounded in number: what was used longest ago makes room, and whoever holds the map is told of it. */
export class RecentMap<T> {
  readonly #held = new Map<string, T>()
  readonly #max: number
  readonly #leave: (key: string, value: T) => void

  constructor(max: number, leave: (key: string, value: T) => void) {
    this.#max = max
    this.#leave = leave
  }

  get(key: string): T | undefined {
    return this.#held.get(key)
  }

  set(key: string, value: T): void {
    // A Map hands out its keys in the order in which they were set.
    this.#held.delete(key)
    this.#held.set(key, value)
    if (this.#held.size <= this.#max) return
    for (const [oldest, left] of this.#held) {
      this.#held.delete(oldest)
      this.#leave(oldest, left)
      return
    }
  }

  delete(key: string): void {
    this.#held.delete(key)
  }

  /** What is set meanwhile comes once more. */
  entries(): IterableIterator<[string, T]> {
    return this.#held.entries()
  }

  some(holds: (value: T) => boolean): boolean {
    for (const value of this.#held.values()) if (holds(value)) return true
    return false
  }

  get size(): number {
    return this.#held.size
  }
}
