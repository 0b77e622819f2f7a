/** Recorded traffic: HAR, access logs and our own JSON lines, all in one shape. */
export { describeTrafficError, type TrafficError } from './error.ts'
export { detectFormat, LINE_READERS, type TrafficFormat } from './format.ts'
export { readHar } from './har.ts'
export { trafficLimits } from './limits.ts'
export { createLineSplitter, type Line } from './lines.ts'
export { headerOf, type RecordedRequest } from './recorded-request.ts'
