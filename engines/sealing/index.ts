/** The door of the sealing engine: small secrets, encrypted at rest. */
export { open, seal } from './seal.ts'
