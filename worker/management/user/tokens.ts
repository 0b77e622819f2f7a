/** GET /user/tokens/verify: does this token work? It got here, so it does. */
import { ok } from '#engines/result'
import type { Call, Outcome } from '../handler.ts'

export async function verifyToken({ actor }: Call): Promise<Outcome> {
  return ok({ result: { id: actor, status: 'active' } })
}
