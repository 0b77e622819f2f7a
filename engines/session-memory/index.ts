/** What is remembered of a session: the order of its operations, and how widely it asks. */
export {
  confirm,
  memoryExpiresAtMs,
  NO_MEMORY,
  remember,
  type SessionEvent,
  type SessionMemory,
  type SessionView,
} from './memory.ts'
export { type Withdrawal, withdraw } from './withdraw.ts'
