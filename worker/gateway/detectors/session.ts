/**
 * Whether the request says whose it is, where a token's claim may say it. A zone whose sessions are named by headers and
 * cookies alone needs no detector for that (engines/request-fields).
 */
import { fieldIndex } from '#engines/expressions'
import { sessionIdentityOf } from '../session.ts'
import type { Detector } from './detector.ts'

const AUTH_ID_PRESENT = 'cf.api_gateway.auth_id_present'

const PRESENT_INDEX = fieldIndex(AUTH_ID_PRESENT)

/** Runs after the detectors of the tokens that it reads. */
export const session: Detector = {
  name: 'session',
  fills: [AUTH_ID_PRESENT],
  run: (exchange) => ({
    fields: new Map([[PRESENT_INDEX, sessionIdentityOf(exchange) !== null]]),
    finding: null,
  }),
}
