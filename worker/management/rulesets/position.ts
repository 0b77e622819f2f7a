/** Where among others a rule is put: before or after another, or at an index that counts from 1. */
import * as z from 'zod/mini'
import { ok, type Result } from '#engines/result'
import { problem, type Problems } from '../envelope.ts'

export const POSITION = z.optional(
  z.object({
    before: z.optional(z.string()),
    after: z.optional(z.string()),
    index: z.optional(z.int()),
  }),
)

export type Position = {
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly index?: number | undefined
}

/** The rules with this one among them. An empty `before` is the top, an empty `after` the bottom. */
export function placed<R extends { readonly id: string }>(
  rule: R,
  others: readonly R[],
  { before, after, index }: Position,
): Result<readonly R[], Problems> {
  const given = [before, after, index].filter((each) => each !== undefined)
  if (given.length !== 1) {
    return problem('invalid_rule', 'Exactly one of before, after and index is needed.', '/position')
  }
  if (index !== undefined) {
    return index >= 1 && index <= others.length + 1
      ? ok(others.toSpliced(index - 1, 0, rule))
      : problem('invalid_rule', `This must be from 1 to ${others.length + 1}.`, '/position/index')
  }
  if (before === '') return ok([rule, ...others])
  if (after === '') return ok([...others, rule])
  const at = others.findIndex(({ id }) => id === (before ?? after))
  const member = before === undefined ? 'after' : 'before'
  if (at === -1) {
    return problem('invalid_rule', 'No other rule here has this id.', `/position/${member}`)
  }
  return ok(others.toSpliced(before === undefined ? at + 1 : at, 0, rule))
}
