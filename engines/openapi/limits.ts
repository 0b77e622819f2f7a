/** Bounds on documents an operator uploads and on requests a stranger sends. */

/** What an uploaded OpenAPI document may cost. */
export type DocumentLimits = {
  /** Text of the document, in UTF-16 units; 11 million with 10,000 operations take about 80 MB to read and compile. */
  readonly documentCharsMax: number
  /** Text of a document in YAML, whose tree takes some 40 bytes for each unit and ten times the time of JSON. */
  readonly yamlCharsMax: number
  /** Nesting of objects and arrays, aliases followed. */
  readonly depthMax: number
  /** Values in the document, aliases expanded: what a YAML bomb multiplies. */
  readonly nodesMax: number
  /** How often YAML aliases may multiply what they stand for. */
  readonly aliasesMax: number
  /** Errors reported for one document; the rest are cut. */
  readonly errorsMax: number
  /** Operations in one document. */
  readonly operationsMax: number
  /** Ways by which dynamic references are told apart; each writes the schemas on it anew. */
  readonly dynamicScopesMax: number
  /** URLs that one server's variables may expand to. */
  readonly serverUrlsMax: number
}

/** What one request may cost to validate. */
export type RequestLimits = {
  /** Nesting of a JSON body. */
  readonly bodyDepthMax: number
  /** Object members in a JSON body, all objects together. */
  readonly bodyKeysMax: number
  /** Parameters read from a query string or a Cookie header. */
  readonly parametersMax: number
  /** Members of a form, parts of a multipart body. */
  readonly formMembersMax: number
  /** Bytes of the header lines of one part. */
  readonly partHeaderBytesMax: number
  /** Violations reported for one request. */
  readonly violationsMax: number
  /** Characters of a violation's target; names in it are the stranger's. */
  readonly targetCharsMax: number
  /**
   * Longest string tested against a schema's `pattern`, in UTF-16 units; a longer one does not match.
   * Patterns run in linear time, so this only bounds a single value.
   */
  readonly patternCharsMax: number
  /** Schema applications for one value: bounds recursive `anyOf`, which can double with each level. */
  readonly stepsMax: number
  /** Schema applications inside one another: keeps the stack far from its end. */
  readonly stepsDeepMax: number
}

export const documentLimits: DocumentLimits = {
  documentCharsMax: 16_000_000,
  yamlCharsMax: 3_000_000,
  depthMax: 200,
  nodesMax: 2_000_000,
  aliasesMax: 1000,
  errorsMax: 32,
  operationsMax: 10_000,
  dynamicScopesMax: 64,
  serverUrlsMax: 64,
}

export const requestLimits: RequestLimits = {
  bodyDepthMax: 100,
  bodyKeysMax: 100_000,
  parametersMax: 512,
  formMembersMax: 1000,
  partHeaderBytesMax: 4096,
  violationsMax: 32,
  targetCharsMax: 256,
  patternCharsMax: 4096,
  stepsMax: 2_000_000,
  stepsDeepMax: 1000,
}
