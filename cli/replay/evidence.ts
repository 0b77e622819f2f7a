/** Why a rule held for a request, where its expression does not say so. */
import type { Rule } from '#engines/rulesets'
import { limitReason } from '#engines/session-rules'
import type { Violation } from './detection.ts'
import type { Inquiry } from './inquiry.ts'

export type Evidence =
  | { readonly kind: 'schema'; readonly violations: readonly Violation[] }
  | { readonly kind: 'session'; readonly reason: string; readonly missingStep: number | null }

type Found = {
  readonly violations: readonly Violation[]
  readonly inquiry: Pick<Inquiry, 'findings' | 'breaks'>
}

export function evidenceFor(
  { id, source }: Pick<Rule<unknown>, 'id' | 'source'>,
  { violations, inquiry }: Found,
): Evidence | null {
  switch (source) {
    case 'apiShieldSchemaValidation':
      return { kind: 'schema', violations }
    case 'rateLimit': {
      const limit = inquiry.findings()?.limits.find(({ rule }) => rule.id === id)
      // A rule of the phase may also execute others.
      if (limit === undefined) return null
      return { kind: 'session', reason: limitReason(limit), missingStep: null }
    }
    case 'apiShieldSequenceMitigation': {
      const found = inquiry.breaks().find(({ ruleId }) => ruleId === id)
      if (found === undefined) return null
      return { kind: 'session', reason: found.reason, missingStep: found.missingStep }
    }
    case 'firewallCustom':
    case 'apiShieldTokenValidation':
    case 'portcullisGraphql':
      return null
  }
}
