/** Bounds on what a stranger (a request) or an operator (an endpoint) may hand to this engine. */
export type PathLimits = {
  /** Longest request path that is matched, in UTF-16 units; a longer one matches nothing. */
  readonly pathCharsMax: number
  /** Longest endpoint template, in UTF-16 units (the `endpoint` maximum of the operations API). */
  readonly endpointCharsMax: number
  /** Most variables in one endpoint. */
  readonly endpointVariablesMax: number
  /** Most segments in one endpoint; also bounds how deep matching can recurse. */
  readonly endpointSegmentsMax: number
  /** Longest host, in UTF-16 units (RFC 1035 §2.3.4 allows 253 for a name). */
  readonly hostCharsMax: number
}

export const pathLimits: PathLimits = {
  pathCharsMax: 16_384,
  endpointCharsMax: 4096,
  endpointVariablesMax: 64,
  endpointSegmentsMax: 128,
  hostCharsMax: 253,
}
