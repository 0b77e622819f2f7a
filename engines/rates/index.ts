/** How often something may happen. */
export { type Allowance, reserve } from './gcra.ts'
export {
  charge,
  expiresAtMs,
  giveBack,
  isFull,
  type Meter,
  saved,
  take,
  type Terms,
} from './meter.ts'
