/** Every key that Portcullis writes to its KV namespace. docs/storage.md shows an example value of each. */

/** Which version of the zone is in force and the digests of its parts; changes with every published change. */
export function pointerKey(zoneId: string): string {
  return `zone:${zoneId}:snapshot`
}

/** One part of a snapshot or of a schema, named by the SHA-256 of its text, so it never changes once written. */
export function partKey(zoneId: string, digest: string): string {
  return `zone:${zoneId}:part:${digest}`
}

/** The files of `rules/` and `schemas/` as `npm run seed` left them: the desired state. */
export function seedKey(zoneId: string): string {
  return `zone:${zoneId}:seed`
}
