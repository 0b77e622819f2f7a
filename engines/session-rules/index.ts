/** What rules about volume and order ask of a request, live or recorded, and what follows from the answers. */
export type { Asking, SessionRules } from './asking.ts'
export { answeredLimit, quotaOf, unaskedLimit } from './asked-limit.ts'
export { claimsOf, type LimitClaim } from './claims.ts'
export { clientIdentity } from './client.ts'
export { type EventOfRequest, eventOf, isToBeRemembered } from './event.ts'
export {
  type AskedLimit,
  type RateQuota,
  type SessionFindings,
  sessionFindings,
  type Visited,
} from './findings.ts'
export {
  type HeldMeter,
  type HeldSession,
  type SessionLedger,
  settleLedger,
  visitLedger,
} from './ledger.ts'
export { compileSequenceRules } from './sequence-rules.ts'
export { limitReason, SESSION_MISSING, type SequenceBreak, sequenceBreaks } from './reasons.ts'
export { type Answer, type Settling, settlingOf } from './settling.ts'
export { sessionStateFields } from './state-fields.ts'
export type {
  MeterClaim,
  SessionOfVisit,
  SessionSettlement,
  SessionVisit,
  VisitAnswer,
} from './visit.ts'
