/** `<configuration id>:<JSONPath>`: a claim of the tokens of one configuration, as session identifiers name it. */
import { err, ok, type Result } from '#engines/result'
import { compileJsonPath, type JsonPath } from './json-path.ts'

export type ClaimReference = {
  /** In lower case. */
  readonly configurationId: string
  readonly path: JsonPath
}

const REFERENCE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(.*)$/is

/** The error is one line. */
export function parseClaimReference(text: string): Result<ClaimReference, string> {
  const [, id, source] = REFERENCE.exec(text) ?? []
  if (id === undefined || source === undefined)
    return err('expected the UUID of a token configuration, a colon and a JSONPath')
  const path = compileJsonPath(source)
  return path.ok ? ok({ configurationId: id.toLowerCase(), path: path.value }) : path
}
