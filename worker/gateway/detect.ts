/** Runs one detector on an exchange and writes down what it found; a detector itself only returns it. */
import { logFailure } from '../log.ts'
import type { Detector } from './detectors/detector.ts'
import type { Exchange } from './exchange.ts'
import type { BrokenDetector, GatewayPorts } from './stage.ts'

/** `null` when it ran. A detector that throws has not judged: whoever asked must not read "nothing found" from it. */
export async function detect(
  detector: Detector,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<BrokenDetector | null> {
  exchange.ran.add(detector)
  try {
    const detection = await detector.run(exchange, ports)
    for (const [index, value] of detection.fields) exchange.detected.set(index, value)
    if (detection.finding !== null) exchange.findings.push(detection.finding)
    if (detection.violations !== undefined) exchange.violations = detection.violations
    return null
  } catch (cause) {
    logFailure('detector_failed', cause, { detector: detector.name, ray_id: exchange.rayId })
    exchange.findings.push({ detector: detector.name, reason: 'failed' })
    return {
      detector: detector.name,
      cause: cause instanceof Error ? cause.message : String(cause),
    }
  }
}
