/**
 * Whether collections of the zone are still the very ones that something was made of. On purpose no closure over what came
 * before: kept in a snapshot, it would keep every snapshot there ever was.
 */
import type { PublishedZone } from '../storage/collections.ts'

/** `before` is undefined when there was nothing. */
export function areKept<C extends keyof PublishedZone>(
  before: Pick<PublishedZone, C> | undefined,
  zone: Pick<PublishedZone, C>,
  ...collections: readonly C[]
): boolean {
  return before !== undefined && collections.every((each) => before[each] === zone[each])
}
