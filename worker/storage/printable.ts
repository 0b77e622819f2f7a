/** A text cut and without control characters, which would be escaped six-fold in JSON and mean nothing in an event. */
export function printable(text: string, charactersMax: number): string {
  return text.slice(0, charactersMax).replaceAll(/\p{Cc}/gu, '\ufffd')
}
