/** The door of the sessions engine: who a request belongs to, without keeping what says so. */
export { identifySession, type SessionCharacteristic, type SessionIdentity } from './identifier.ts'
export { createKeyedHash, type HashedText, type KeyedHash } from './keyed-hash.ts'
