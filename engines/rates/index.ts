/** How often something may happen. */
export { type Allowance, reserve } from './gcra.ts'
