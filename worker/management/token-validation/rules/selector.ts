/** The selector of a token validation rule as an operator writes it → with hosts in the one spelling of operations. */
import * as z from 'zod/mini'
import { describeHostError, parseHostPattern } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { TokenRuleSelector } from '../../../storage/resources/tokens.ts'
import type { Problem, Problems } from '../../envelope.ts'
import { LIMITS } from '../../limits.ts'

const HOSTS = z.array(z.string()).check(z.maxLength(LIMITS.hostnamesMax))

const IDS = z.array(z.string()).check(z.maxLength(LIMITS.operationsMax))

// Strict: a condition that is not known would widen the rule or narrow it without a word.
export const SELECTOR = z.strictObject({
  include: z.exactOptional(z.nullable(z.array(z.strictObject({ host: z.exactOptional(HOSTS) })))),
  exclude: z.exactOptional(
    z.nullable(z.array(z.strictObject({ operation_ids: z.exactOptional(IDS) }))),
  ),
})

/** `pointer` leads to the selector in the body. */
export function readSelector(
  selector: TokenRuleSelector,
  pointer: string,
): Result<TokenRuleSelector, Problems> {
  const problems: Problem[] = []
  const include = selector.include?.map(({ host: hosts }, index) => {
    const read: string[] = []
    for (const [position, host] of (hosts ?? []).entries()) {
      const parsed = parseHostPattern(host)
      if (parsed.ok) read.push(parsed.value)
      else {
        const message = describeHostError(parsed.error)
        const place = `${pointer}/include/${index}/host/${position}`
        problems.push({ error: 'invalid_hostname', message, pointer: place })
      }
    }
    return hosts === undefined ? {} : { host: read }
  })
  if (problems.length > 0) return err(problems)
  return ok(include === undefined ? selector : { ...selector, include })
}

/** The ids of operations that it names. */
export function excludedIds(selector: TokenRuleSelector | undefined): readonly string[] {
  return (selector?.exclude ?? []).flatMap(({ operation_ids = [] }) => operation_ids)
}

/** A problem for each id that no operation has; an operation that goes later leaves its id behind, which excludes nothing. */
export function strangerProblems(
  { exclude }: TokenRuleSelector,
  operationIds: ReadonlySet<string>,
  pointer: string,
): Problems {
  return (exclude ?? []).flatMap(({ operation_ids = [] }, index) =>
    operation_ids.flatMap((id, position): readonly Problem[] => {
      if (operationIds.has(id)) return []
      const place = `${pointer}/exclude/${index}/operation_ids/${position}`
      return [
        { error: 'invalid_rule', message: 'There is no operation with this id.', pointer: place },
      ]
    }),
  )
}

/** Whether no operation can ever be covered. */
export function coversNothing({ include }: TokenRuleSelector): boolean {
  return (include ?? []).every(({ host = [] }) => host.length === 0)
}
