/**
 * The one place where storage believes a type without checking it: text that only our own typed writers produce. Everything
 * else that comes from outside is checked where it enters.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type it wrote
export function parseOwn<T>(text: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return JSON.parse(text) as T
}
