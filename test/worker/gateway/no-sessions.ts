import { createBlockMemory } from '../../../worker/gateway/sessions/block-memory.ts'
import type { GatewayPorts } from '../../../worker/gateway/stage.ts'

/** Ports of a gateway in which no rule is about sessions: nobody is to be asked. */
export const NO_SESSIONS: Pick<GatewayPorts, 'sessions' | 'blocks' | 'approximateLimit'> = {
  sessions: {
    visit: () => Promise.reject(new Error('no session was to be visited')),
    settle: () => Promise.reject(new Error('no session was to be settled')),
  },
  blocks: createBlockMemory(),
  approximateLimit: () => null,
}
