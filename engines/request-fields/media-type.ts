/** The media type of a `Content-Type` in lower case, without its parameters (RFC 9110 §8.3.1); empty when there is none. */
export function mediaType(contentType: string): string {
  const semicolon = contentType.indexOf(';')
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase()
}
