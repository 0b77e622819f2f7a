/** The id of a revocation: the same tokens always get the same one. */
import { sha256Hex } from '../../../storage/digest.ts'
import type { TokenRevocation } from '../../../storage/resources/tokens.ts'

/** RFC 9562 §5.8: a UUID of a form of our own, here from a SHA-256. */
export async function revocationId({
  configuration_id,
  jti,
  sub,
}: Pick<TokenRevocation, 'configuration_id' | 'jti' | 'sub'>): Promise<string> {
  const digest = await sha256Hex(JSON.stringify([configuration_id, jti ?? null, sub ?? null]))
  const parts = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digest)?.slice(1) ?? []
  const [first, second, third, fourth, last] = parts
  return `${first}-${second}-8${third}-8${fourth}-${last}`
}
