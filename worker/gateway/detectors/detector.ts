/**
 * A detector fills fields and does nothing else: it picks no action, builds no response, writes no event and reads no clock
 * (the exchange carries the time). It may throw when it cannot judge; decide.ts knows what follows from that.
 */
import type { VerifiedCertificate } from '#engines/client-certificate'
import type { Value } from '#engines/expressions'
import type { SessionFindings } from '#engines/session-rules'
import type { TokenVerdict } from '#engines/tokens'
import type { DetectorName } from '../../settings.ts'
import type { EventViolation, Finding } from '../../storage/events.ts'
import type { GraphqlObservation } from '../graphql-observation.ts'
import type { Exchange } from '../exchange.ts'
import type { GatewayPorts } from '../stage.ts'

export type Detection = {
  /** Field index → value; a declared field that is absent here is missing. */
  readonly fields: ReadonlyMap<number, Value>
  /** What it saw, for the event. */
  readonly findings: readonly Finding[]
  /** The client's certificate when it was verified. */
  readonly certificate?: VerifiedCertificate
  /** What a GraphQL request asked for, where it asked. */
  readonly graphql?: GraphqlObservation
  /** Which limits were asked, and what the answer has to tell yet. */
  readonly sessions?: SessionFindings
  readonly violations?: readonly EventViolation[]
  /** What was found about the token of one token configuration; a null verdict: the request has none. */
  readonly token?: { readonly configurationId: string; readonly verdict: TokenVerdict | null }
}

export type Detector = {
  readonly name: DetectorName
  readonly fills: readonly string[]
  run(exchange: Exchange, ports: GatewayPorts): Detection | Promise<Detection>
}
