/** SessionStore over the Session objects: what belongs to one key is always in the same one. */
import type { SessionStore } from '../ports.ts'
import type { Session } from './session.ts'

/**
 * Counters and sessions are spread over so many objects by their keyed hash. Not an object each: a flood of made-up
 * identifiers would be a flood of objects, each with a file of its own (docs/decisions/018). Another number is another
 * place for every key: open windows begin anew.
 */
const OBJECTS = 64

export function createSessionStore(
  namespace: DurableObjectNamespace<Session>,
  zoneId: string,
): SessionStore {
  // A stub belongs to the request that made it, so each call makes its own.
  const object = (key: string) => {
    const number = Number.parseInt(key.slice(0, 8), 16) % OBJECTS
    return namespace.getByName(`${zoneId}:${number}`)
  }
  return {
    visit: ({ home, claims, event }) => object(home).visit({ claims, event }),
    settle: ({ home, ...settlement }) => object(home).settle(settlement),
    report: (key) => object(key).report(key),
    forget: (key) => object(key).forget(key),
  }
}
