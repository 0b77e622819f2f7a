/** The zone's rate limits as the data plane asks them. */
import { compileRateRules, type RateRule } from '#engines/rulesets'
import type { Detector } from '../detectors/detector.ts'

export type GatewayRateRule = RateRule<readonly Detector[]>

/** In their order. */
export type GatewayRateRules = readonly GatewayRateRule[]

export const compileGatewayRateRules: (
  input: Parameters<typeof compileRateRules<readonly Detector[]>>[0],
) => GatewayRateRules = compileRateRules
