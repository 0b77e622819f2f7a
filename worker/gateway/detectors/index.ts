/** All detectors, and which of them a rule needs. */
import type { FieldUse } from '#engines/expressions'
import { body } from './body.ts'
import { clientCertificate } from './client-certificate.ts'
import type { Detector } from './detector.ts'
import { graphql } from './graphql.ts'
import { schema } from './schema.ts'
import { session, sessionKeys } from './session.ts'
import { sessionState } from './session-state.ts'
import { createTokenDetector, tokensAskedFor } from './token.ts'

/** Those that are there whatever the configuration says. Their order does not matter. */
const DETECTORS: readonly Detector[] = [clientCertificate, graphql, schema, body]

/** Those that have to know whose the request is. */
const SESSION_DETECTORS: readonly Detector[] = [sessionKeys, sessionState]

type TokenConfigurations = {
  /** In their order. */
  readonly tokenIds: readonly string[]
  /** Those of the tokens whose claims identify sessions. */
  readonly sessionTokenIds: readonly string[]
}

/** Answers for each expression which detectors have to run before it is asked, in the order in which they have to. */
export function createDetectorChoice({
  tokenIds,
  sessionTokenIds,
}: TokenConfigurations): (uses: readonly FieldUse[]) => readonly Detector[] {
  const byToken = new Map(tokenIds.map((id) => [id, createTokenDetector(id)]))
  return (uses) => {
    const fields = new Set(uses.map((use) => use.field))
    const isAsked = ({ fills }: Detector): boolean => fills.some((field) => fields.has(field))
    const ofSessions = [
      // Where no claim names sessions the field needs no detector.
      ...(sessionTokenIds.length > 0 && isAsked(session) ? [session] : []),
      ...SESSION_DETECTORS.filter(isAsked),
    ]
    const asked = tokensAskedFor(uses)
    const tokens = [...byToken].filter(
      ([id]) =>
        asked === 'all' || asked.has(id) || (ofSessions.length > 0 && sessionTokenIds.includes(id)),
    )
    return [
      ...DETECTORS.filter(isAsked),
      ...tokens.map(([, detector]) => detector),
      // They read what those found.
      ...ofSessions,
    ]
  }
}
