/** Runs detectors on an exchange and writes down what they found; a detector itself only returns it. */
import { logFailure } from '../log.ts'
import type { Detector } from './detectors/detector.ts'
import type { Exchange } from './exchange.ts'
import type { DetectorFailure, GatewayPorts } from './stage.ts'

/**
 * Makes sure that a detector has run. One that throws has not judged, and whoever asked must not read "nothing found" from
 * it: the failure stops the request, or, where FAIL_OPEN names the detector, everything that needs it is passed over.
 */
export async function ensure(
  detector: Detector,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<DetectorFailure | null> {
  if (exchange.ran.has(detector)) return null
  exchange.ran.add(detector)
  try {
    const detection = await detector.run(exchange, ports)
    for (const [index, value] of detection.fields) exchange.detected.set(index, value)
    exchange.findings.push(...detection.findings)
    if (detection.token !== undefined) {
      exchange.tokens.set(detection.token.configurationId, detection.token.verdict)
    }
    if (detection.certificate !== undefined) exchange.verifiedCertificate = detection.certificate
    if (detection.graphql !== undefined) exchange.graphql = detection.graphql
    if (detection.sessions !== undefined) exchange.sessions = detection.sessions
    if (detection.violations !== undefined) exchange.violations = detection.violations
    return null
  } catch (cause) {
    logFailure('detector_failed', cause, { detector: detector.name, ray_id: exchange.rayId })
    exchange.findings.push({ detector: detector.name, reason: 'failed' })
    const failure = {
      detector: detector.name,
      cause: cause instanceof Error ? cause.message : String(cause),
    }
    if (!ports.failOpen.has(detector.name)) return failure
    exchange.failedOpen.set(detector, failure)
    return null
  }
}
