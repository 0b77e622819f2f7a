/**
 * How the parts of a compiled schema are named among the documents of a zone: by digest first, so that whoever knows the
 * digest finds the part without knowing the schema. Two schemas may have equal parts, and each keeps its own copy.
 */

/** The document of a part; `digest` is the SHA-256 of its text in hex. */
export function schemaPartId(digest: string, schemaId: string): string {
  return `${digest}/${schemaId}`
}

/** Ids from the first on and below the second are those of the parts with this digest. */
export function schemaPartIds(digest: string): { readonly from: string; readonly below: string } {
  // The character after the slash.
  return { from: `${digest}/`, below: `${digest}0` }
}
