/** Who calls which operation, and what they called before: Cloudflare's fields of sequences, and ours beside them. */
import { BYTES, INT, mapOf } from '../types.ts'
import { BYTES_LIST, fieldsOf } from './row.ts'

/** Ours, read from the request itself. */
export const CALL_FIELDS = [
  ...fieldsOf(BYTES, [
    'cf.portcullis.client_network',
    'cf.portcullis.operation_id',
    'cf.portcullis.tls_fingerprint',
  ]),
  ...fieldsOf(mapOf(BYTES), ['cf.portcullis.path_variables']),
]

/** What detectors know of a session; https://developers.cloudflare.com/api-shield/security/sequence-mitigation/custom-rules/ */
export const SESSION_FIELDS = [
  ...fieldsOf(BYTES, [
    'cf.portcullis.session.client',
    'cf.portcullis.session.id',
    'cf.sequence.current_op',
  ]),
  ...fieldsOf(INT, ['cf.portcullis.session.repeats']),
  ...fieldsOf(BYTES_LIST, ['cf.sequence.previous_ops']),
  ...fieldsOf(mapOf(INT), ['cf.portcullis.session.distinct', 'cf.sequence.msec_since_op']),
]
