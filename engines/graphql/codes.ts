/**
 * What the ASCII characters are to the grammar, in one byte each, so that one look tells whether a name goes on, whether one
 * starts, or which punctuator stands there. Characters of names are their own code, below 0x80; all else is above.
 */

const ABOVE = 0x80

// Punctuators and what else starts a token (GraphQL, section 2.1.7).
export const BANG = ABOVE + 0x21
export const QUOTATION = ABOVE + 0x22
export const DOLLAR = ABOVE + 0x24
export const OPEN_ROUND = ABOVE + 0x28
export const CLOSE_ROUND = ABOVE + 0x29
export const MINUS = ABOVE + 0x2d
export const POINT = ABOVE + 0x2e
export const COLON = ABOVE + 0x3a
export const EQUALS = ABOVE + 0x3d
export const AT = ABOVE + 0x40
export const OPEN_SQUARE = ABOVE + 0x5b
export const CLOSE_SQUARE = ABOVE + 0x5d
export const OPEN_CURLY = ABOVE + 0x7b
export const CLOSE_CURLY = ABOVE + 0x7d

// Above all of them, so that what starts a token is less than this.
/** No character: where the document ends, or no token can start. */
export const NONE = ABOVE + 0x7e
/** White space and commas, wherever the document lies. */
export const IGNORED = ABOVE + 0x7f

/** By byte. Quotes, line ends and tabs have none: what they are depends on where the document lies. */
export const CODES = createCodes()

/** Whether a name starts with the character of this token or code; failure is no name (section 2.1.9). */
export function isNameStart(token: number): boolean {
  return (token & 0xc0) === 0x40
}

/** Whether the character of this code may stand in a name. */
export function isNamePart(code: number): boolean {
  return code < ABOVE
}

function createCodes(): Uint8Array {
  const codes = new Uint8Array(256).fill(NONE)
  for (const character of ' ,') codes[character.charCodeAt(0)] = IGNORED
  for (const character of '!$&()-.:=@[]{|}') {
    codes[character.charCodeAt(0)] = ABOVE + character.charCodeAt(0)
  }
  for (let code = 0; code < 0x80; code++) {
    if (/\w/.test(String.fromCharCode(code))) codes[code] = code
  }
  return codes
}
