/**
 * Judges tokens: one detector for each token configuration, so that a rule waits only for the tokens that it asks about and
 * no configuration that is out of order stops requests of another. Fills the answers of `is_jwt_valid` and `is_jwt_present`
 * and the claims of valid tokens; what stands in any other token is shown to nobody.
 */
import type { FieldUse } from '#engines/expressions'
import { createFieldSource } from '#engines/request-fields'
import { type JudgedToken, TOKEN_FIELDS, tokenFields, type TokenVerdict } from '#engines/tokens'
import type { Finding } from '../../storage/events.ts'
import type { Exchange } from '../exchange.ts'
import { findingText } from '../finding-text.ts'
import type { Detector } from './detector.ts'

export function createTokenDetector(configurationId: string): Detector {
  return {
    name: 'token',
    fills: TOKEN_FIELDS,
    async run(exchange, ports) {
      const { tokens, lists } = exchange.snapshot
      const judge = tokens.judges.get(configurationId)
      if (judge === undefined) throw new Error(`there is no token configuration ${configurationId}`)
      const { nowMs, later, detected } = exchange
      const token = judge.read(createFieldSource(exchange, { detected, lists: lists.matchers }))
      const verdict =
        token === null
          ? null
          : await judge.judge(token, {
              nowMs,
              later,
              ports: ports.tokens,
              revocations: tokens.revocations,
            })
      return {
        fields: tokenFields([...judgedBefore(exchange), { configurationId, verdict }]),
        findings: verdict === null ? [] : [findingOf(configurationId, verdict)],
        token: { configurationId, verdict },
      }
    },
  }
}

function judgedBefore({ tokens }: Exchange): readonly JudgedToken[] {
  return Array.from(tokens, ([configurationId, verdict]) => ({ configurationId, verdict }))
}

/** The token configurations that an expression asks about; `all` when it reads what several have in common. */
export function tokensAskedFor(uses: readonly FieldUse[]): ReadonlySet<string> | 'all' {
  const ids = new Set<string>()
  for (const { field, key } of uses) {
    if (!FILLED.has(field)) continue
    if (key === undefined) return 'all'
    ids.add(key)
  }
  return ids
}

const FILLED: ReadonlySet<string> = new Set(TOKEN_FIELDS)

/** Never the token: what is told of it is which key it names. */
function findingOf(configurationId: string, verdict: TokenVerdict): Finding {
  const kid = verdict.header?.kid ?? null
  return {
    detector: 'token',
    reason: verdict.valid ? 'valid' : verdict.reason,
    detail: {
      configuration_id: configurationId,
      ...(kid === null ? {} : { kid: findingText(kid) }),
      ...(verdict.valid || verdict.detail === undefined
        ? {}
        : { part: findingText(verdict.detail) }),
    },
  }
}
