/** Numbers of variables, for arguments that say how long a list is: as sent, or else by the operation's default. */
import { readName, readToken } from './characters.ts'
import { CLOSE_ROUND, EQUALS, QUOTATION } from './codes.ts'
import type { Scan } from './scan.ts'
import { readString } from './strings.ts'
import { nameText } from './tokens.ts'
import { readDirectives, readType, readValue } from './values.ts'

/** By name; variables that are no numbers are left out. */
export type NumberVariables = ReadonlyMap<string, number>

export type VariablesPlace = {
  /** Where the JSON of the variables starts and ends, -1 without any. */
  readonly variables: number
  readonly variablesEnd: number
}

/** Of one operation; both its definitions and the JSON have been found to be well-formed. */
export function readNumberVariables(
  scan: Scan,
  definition: number,
  { variables, variablesEnd }: VariablesPlace,
): NumberVariables {
  const numbers = new Map<string, number>()
  const start = scan.definitions.variableStarts[definition] ?? 0
  if (start > 0) readDefaults(scan, start, numbers)
  if (variables < 0) return numbers
  const text = new TextDecoder().decode(scan.bytes.subarray(variables, variablesEnd))
  const given: unknown = JSON.parse(text)
  if (typeof given !== 'object' || given === null) return numbers
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'number') numbers.set(name, value)
    else numbers.delete(name)
  }
  return numbers
}

function readDefaults(scan: Scan, start: number, numbers: Map<string, number>): void {
  let token = readToken(scan, start)
  while ((token & 0xff) !== CLOSE_ROUND) {
    if ((token & 0xff) === QUOTATION) token = readToken(scan, readString(scan, token >> 8))
    const name = readToken(scan, token >> 8)
    const nameEnd = readName(scan, name >> 8)
    token = readType(scan, readToken(scan, readToken(scan, nameEnd) >> 8))
    if ((token & 0xff) === EQUALS) {
      const value = readToken(scan, token >> 8)
      const end = readValue(scan, value, true)
      const number = Number(nameText(scan, value, end))
      if (Number.isFinite(number)) numbers.set(nameText(scan, name, nameEnd), number)
      token = readToken(scan, end)
    }
    token = readDirectives(scan, token, true)
  }
}
