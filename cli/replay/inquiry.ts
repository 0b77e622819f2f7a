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
  sessionFindings,
  type SessionRules,
  sessionStateFields,
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

/** What rules before have excepted the request from, and whether others may yet. */
type Exceptions = { readonly skips: Skips | null; readonly mayBeExcepted: boolean }

export type Inquiry = {
  /** Counts and remembers the request, once at most. */
  ask(exceptions: Exceptions): Promise<void>
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
    async ask({ skips, mayBeExcepted }) {
      if (isAsked) return
      isAsked = true
      const asking: Asking<Needs> = {
        rules,
        request: facts,
        source,
        skips,
        mayBeExcepted,
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
      const visited = memory.visit(claims, asked.event, facts.nowMs)
      const isFallthrough = facts.operation === null
      detection.add(sessionStateFields({ ...visited, asked, isFallthrough }))
      findings = sessionFindings(asked, visited)
      breaks = sequenceBreaks(asked, visited.view)
    },
    isAsked: () => isAsked,
    findings: () => findings,
    breaks: () => breaks,
  }
}
