/** What is remembered of a session: the order of its operations, and how widely it asks. */
export {
  confirm,
  memoryExpiresAtMs,
  remember,
  type SessionEvent,
  type SessionMemory,
  type SessionView,
} from './memory.ts'
