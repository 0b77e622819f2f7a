/** How often something may happen. */
export { type Allowance, reserve } from './gcra.ts'
export {
  charge,
  type Claim,
  expiresAtMs,
  giveBack,
  type Meter,
  saved,
  take,
  type Taken,
  type Terms,
} from './meter.ts'
