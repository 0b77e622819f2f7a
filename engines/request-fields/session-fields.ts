/** The fields about sessions by what it takes to know them. */

/** Whom the request belongs to: its headers, cookies and valid tokens tell. */
export const SESSION_FIELDS: readonly string[] = [
  'cf.portcullis.session.id',
  'cf.portcullis.session.client',
]

/** What the session did before: only whoever remembers it can tell. */
export const SESSION_HISTORY_FIELDS: readonly string[] = [
  'cf.portcullis.session.distinct',
  'cf.portcullis.session.repeats',
  'cf.sequence.current_op',
  'cf.sequence.previous_ops',
  'cf.sequence.msec_since_op',
]
