/**
 * Refuses patterns on which a backtracking matcher can be made slow, by shape alone and on the safe side:
 * exponential ones (a repeat inside a repeat that can share out the same text in several ways) and polynomials
 * above `regexDegreeMax`. What passes does work bounded by (length of the value) ^ regexDegreeMax, times a constant.
 */
import { EXPRESSION_LIMITS } from '../../limits.ts'
import { hasOverlap } from './ranges.ts'
import type { CodeRange, RegexTree, Repeat } from './tree.ts'

type Ranges = readonly CodeRange[]
/** Work of one attempt from one start: shared repeats multiply, the others only add. */
type Work = { readonly shared: number; readonly hasRepeat: boolean }

const NO_WORK: Work = { shared: 0, hasRepeat: false }

/** Cuts repeats at the ends down to what a search needs: whether `x.*` is found does not depend on the `.*`. */
export function trimEnds(tree: RegexTree): RegexTree {
  const items = tree.kind === 'sequence' ? [...tree.items] : [tree]
  for (const end of [0, -1]) {
    for (let item = items.at(end); item?.kind === 'repeat'; item = items.at(end)) {
      if (item.min === item.max || hasAssertion(item)) break
      const cut = item.min === 0 ? [] : [{ ...item, max: item.min }]
      items.splice(end, 1, ...cut)
      if (item.min > 0) break
    }
  }
  return { kind: 'sequence', items }
}

/** The reason to refuse the (trimmed) pattern, or undefined. */
export function findDanger(tree: RegexTree): string | undefined {
  const loop = findAmbiguousLoop(tree)
  if (loop) return 'a repeat inside a repeat can match the same text in several ways'
  const work = workOf(tree, [])
  const degree = work.shared + (work.hasRepeat ? 1 : 0) + (startsAnchored(tree) ? 0 : 1)
  const { regexDegreeMax } = EXPRESSION_LIMITS
  return degree > regexDegreeMax
    ? `too many repeats compete for the same text (work of degree ${degree}, the limit is ${regexDegreeMax})`
    : undefined
}

function findAmbiguousLoop(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
    case 'assertion':
      return false
    case 'repeat':
      return isLarge(tree)
        ? !isDeterministic(tree.item, firstOf(tree.item)) || isNullable(tree.item)
        : findAmbiguousLoop(tree.item)
    case 'sequence':
    case 'choice':
      return tree.items.some((item) => findAmbiguousLoop(item))
  }
}

/** Whether one character of lookahead always decides how to go on inside a loop; `follow` is what may come next. */
function isDeterministic(tree: RegexTree, follow: Ranges): boolean {
  switch (tree.kind) {
    case 'set':
    case 'assertion':
      return true
    case 'repeat':
      return isDeterministicRepeat(tree, follow)
    case 'sequence':
      return tree.items.every((item, index) =>
        isDeterministic(item, followOf(tree.items.slice(index + 1), follow)),
      )
    case 'choice':
      return tree.items.every(
        (item, index) =>
          isDeterministic(item, follow) &&
          tree.items
            .slice(index + 1)
            .every((other) => !hasOverlap(followOf([item], follow), followOf([other], follow))),
      )
  }
}

function isDeterministicRepeat({ item, min, max }: Repeat, follow: Ranges): boolean {
  const first = firstOf(item)
  if (max > 1 && isNullable(item)) return false
  if (min !== max && hasOverlap(first, follow)) return false
  return isDeterministic(item, max > 1 ? [...first, ...follow] : follow)
}

function workOf(tree: RegexTree, follow: Ranges): Work {
  switch (tree.kind) {
    case 'set':
    case 'assertion':
      return NO_WORK
    case 'repeat':
      return workOfRepeat(tree, follow)
    case 'sequence':
      return tree.items
        .map((item, index) => workOf(item, followOf(tree.items.slice(index + 1), follow)))
        .reduce(addWork, NO_WORK)
    case 'choice':
      return tree.items
        .map((item) => workOf(item, follow))
        .reduce(
          (left, right) => ({
            shared: Math.max(left.shared, right.shared),
            hasRepeat: left.hasRepeat || right.hasRepeat,
          }),
          NO_WORK,
        )
  }
}

function workOfRepeat(tree: Repeat, follow: Ranges): Work {
  if (!isLarge(tree)) {
    // A few rounds of the same item: each may compete with the next.
    const work = workOf(tree.item, [...firstOf(tree.item), ...follow])
    return { shared: work.shared * Math.max(1, tree.max), hasRepeat: work.hasRepeat }
  }
  if (tree.min === tree.max) return { shared: 0, hasRepeat: true }
  return hasOverlap(firstOf(tree.item), follow)
    ? { shared: 1, hasRepeat: false }
    : { shared: 0, hasRepeat: true }
}

function addWork(left: Work, right: Work): Work {
  return { shared: left.shared + right.shared, hasRepeat: left.hasRepeat || right.hasRepeat }
}

function isLarge({ max }: Repeat): boolean {
  return max >= EXPRESSION_LIMITS.regexRepeatLarge
}

/** What the first character may be; empty for something that only ever matches nothing. */
function firstOf(tree: RegexTree): Ranges {
  switch (tree.kind) {
    case 'set':
      return tree.ranges
    case 'assertion':
      return []
    case 'repeat':
      return tree.max === 0 ? [] : firstOf(tree.item)
    case 'sequence':
      return followOf(tree.items, [])
    case 'choice':
      return tree.items.flatMap((item) => firstOf(item))
  }
}

function followOf(items: readonly RegexTree[], follow: Ranges): Ranges {
  const ranges: CodeRange[] = []
  for (const item of items) {
    ranges.push(...firstOf(item))
    if (!isNullable(item)) return ranges
  }
  return [...ranges, ...follow]
}

function isNullable(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return false
    case 'assertion':
      return true
    case 'repeat':
      return tree.min === 0 || isNullable(tree.item)
    case 'sequence':
      return tree.items.every((item) => isNullable(item))
    case 'choice':
      return tree.items.some((item) => isNullable(item))
  }
}

function hasAssertion(tree: RegexTree): boolean {
  if (tree.kind === 'set') return false
  if (tree.kind === 'assertion') return true
  return tree.kind === 'repeat'
    ? hasAssertion(tree.item)
    : tree.items.some((item) => hasAssertion(item))
}

function startsAnchored(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return false
    case 'assertion':
      return tree.isStart
    case 'repeat':
      return tree.min > 0 && startsAnchored(tree.item)
    case 'sequence':
      return tree.items[0] !== undefined && startsAnchored(tree.items[0])
    case 'choice':
      return tree.items.every((item) => startsAnchored(item))
  }
}
