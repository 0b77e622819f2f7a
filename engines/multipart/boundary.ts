/** What parts are parted by (RFC 2046 §5.1.1). */

/** The boundary that a Content-Type names, once and in legal characters; else null. */
export function boundaryOf(contentType: string): string | null {
  const given = [...contentType.matchAll(BOUNDARY)].map(([, quoted, bare = '']) => quoted ?? bare)
  const [boundary] = given
  return boundary !== undefined && given.length === 1 && isLegalBoundary(boundary) ? boundary : null
}

const BOUNDARY = /;\s*boundary=(?:"([^"\\]*)"|([^\s;"]*))/gi

/** 1 to 70 characters of these, not ending with a space. */
export function isLegalBoundary(boundary: string): boolean {
  return /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)
}
