/** Bounds on what identifies a session. */
export type SessionLimits = {
  /** UTF-16 units of an identifier's value. A longer one identifies nobody: cut, it would be another session's too. */
  readonly valueCharactersMax: number
}

export const SESSION_LIMITS: SessionLimits = { valueCharactersMax: 65_536 }
