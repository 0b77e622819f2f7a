/** Which running shield a command speaks to, by the same environment contract as `npm start`. */
import { ok, type Result } from '#engines/result'
import { type Environment, readToken, readUrl, readZoneId } from './seed-settings.ts'

export type Shield = {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string
  readonly token: string
  readonly zoneId: string
}

/** `root` is the directory of the wrangler.toml. The error is one line. */
export async function readShield(
  environment: Environment,
  root: string,
): Promise<Result<Shield, string>> {
  const token = await readToken(environment)
  if (!token.ok) return token
  const zoneId = await readZoneId(environment, root)
  if (!zoneId.ok) return zoneId
  return ok({ url: readUrl(environment), token: token.value, zoneId: zoneId.value })
}
