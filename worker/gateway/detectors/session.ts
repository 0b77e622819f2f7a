/**
 * Whose request it is: where a token's claim may say it, whether there is a session at all, and the keys by which rules count. A
 * zone whose sessions are named by headers and cookies alone needs no detector to know whether there is one
 * (engines/request-fields).
 */
import { fieldIndex, type Value } from '#engines/expressions'
import { SESSION_FIELDS } from '#engines/request-fields'
import { sessionIdentityOf } from '../session.ts'
import { clientKeyOf, sessionKeyOf } from '../sessions/keys.ts'
import type { Detector } from './detector.ts'

const AUTH_ID_PRESENT = 'cf.api_gateway.auth_id_present'

const INDEXES = {
  present: fieldIndex(AUTH_ID_PRESENT),
  id: fieldIndex('cf.portcullis.session.id'),
  client: fieldIndex('cf.portcullis.session.client'),
} as const

/** Says whether there is a session. Runs after the detectors of the tokens that it reads. */
export const session: Detector = {
  name: 'session',
  fills: [AUTH_ID_PRESENT],
  run: (exchange) => ({
    fields: new Map([[INDEXES.present, sessionIdentityOf(exchange) !== null]]),
    findings: [],
  }),
}

/** Says by which keys it is counted. Runs after the detectors of the tokens that name sessions. */
export const sessionKeys: Detector = {
  name: 'session',
  fills: SESSION_FIELDS,
  async run(exchange, ports) {
    const id = await sessionKeyOf(exchange, ports)
    const client = id ?? (await clientKeyOf(exchange, ports))
    return {
      fields: new Map<number, Value>([
        ...(id === null ? [] : [[INDEXES.id, id] as const]),
        ...(client === null ? [] : [[INDEXES.client, client] as const]),
      ]),
      findings: [],
    }
  },
}
