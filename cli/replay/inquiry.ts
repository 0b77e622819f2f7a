/** Asks about the limits and the session of one recorded request, as the shield's detector does for a live one. */
import type { FieldSource } from '#engines/expressions'
import type { RequestFacts } from '#engines/request-fields'
import type { Skips } from '#engines/rulesets'
import {
  type Asking,
  claimsOf,
  eventOf,
  type SequenceBreak,
  sequenceBreaks,
  type SessionFindings,
  type SessionRules,
  sessionStateFields,
  unansweredOf,
} from '#engines/session-rules'
import type { Detection } from './detection.ts'
import type { ReplayMemory } from './memory.ts'
import type { Needs } from './needs.ts'
import { plainHash, type SessionKeys } from './session-keys.ts'

type Given = {
  readonly rules: SessionRules<Needs>
  readonly memory: ReplayMemory
  readonly facts: RequestFacts & { readonly hostname: string }
  readonly keys: () => SessionKeys
  readonly detection: Detection
  readonly source: FieldSource
}

export type Inquiry = {
  /** Counts and remembers the request, once at most. */
  ask(skips: Skips | null): Promise<void>
  isAsked(): boolean
  /** Null when nobody was asked. */
  findings(): SessionFindings | null
  breaks(): readonly SequenceBreak[]
}

export function openInquiry({ rules, memory, facts, keys, detection, source }: Given): Inquiry {
  let isAsked = false
  let findings: SessionFindings | null = null
  let breaks: readonly SequenceBreak[] = []
  return {
    async ask(skips) {
      if (isAsked) return
      isAsked = true
      const asking: Asking<Needs> = {
        rules,
        request: facts,
        source,
        skips,
        hash: async (text) => plainHash(text),
        sessionKey: async () => keys().session,
        clientKey: async () => keys().client,
        async prepare(needs) {
          for (const each of needs) detection.fill(each)
          return true
        },
      }
      const claims = await claimsOf(asking)
      const asked = await eventOf(asking)
      const { limits, view } = memory.visit(claims, asked.event, facts.nowMs)
      const isFallthrough = facts.operation === null
      detection.add(sessionStateFields({ asked, limits, view, isFallthrough }))
      findings = { limits, unanswered: unansweredOf(asked, view) }
      breaks = sequenceBreaks(asked, view)
    },
    isAsked: () => isAsked,
    findings: () => findings,
    breaks: () => breaks,
  }
}
