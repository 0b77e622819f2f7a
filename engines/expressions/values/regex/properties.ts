/**
 * Unicode properties as ranges. The tables are the runtime's own: a property is asked of every code point once, by
 * JavaScript's `\p{…}`, and remembered. What JavaScript has no property for (Age, the break properties) is unknown.
 */
import { type CodeRange, unite } from './ranges.ts'

/** UTS #18 Annex C, as Rust has them. */
export const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}'
export const DIGIT = '\\p{Nd}'
export const SPACE = '\\p{White_Space}'
const CASED = '\\p{Changes_When_Casemapped}'

const BLOCK = 0x1000
/** Planes in which characters differ; in every other one all but the last two code points are alike. */
const MIXED_PLANES = new Set([0, 1, 2, 3, 14])
const PLANE = 0x10000
const PLANE_LAST = 16
const SEPARATORS = /[ _-]+/
/** Short and long names under which Rust takes a property with a value. */
const VALUED: Readonly<Record<string, string>> = {
  gc: 'General_Category',
  generalcategory: 'General_Category',
  category: 'General_Category',
  sc: 'Script',
  script: 'Script',
  scx: 'Script_Extensions',
  scriptextensions: 'Script_Extensions',
}

/** Only names of properties come in here, so what is remembered is bounded by Unicode. */
const remembered = new Map<string, readonly CodeRange[]>()

/** The code points that JavaScript's class members (flag `v`, no brackets) match. */
export function rangesOf(members: string): readonly CodeRange[] {
  const known = remembered.get(members)
  if (known !== undefined) return known
  const shape = new RegExp(`[${members}]+`, 'gv')
  const ranges: CodeRange[] = []
  for (let plane = 0; plane <= PLANE_LAST; plane += 1) {
    const first = plane * PLANE
    if (MIXED_PLANES.has(plane)) ranges.push(...scanPlane(shape, first))
    else ranges.push(...sample(shape, first))
  }
  const united = unite(ranges)
  remembered.set(members, united)
  return united
}

/** Members for the text between the braces of `\p{…}`, names compared loosely (UAX #44 LM3); undefined if unknown. */
export function propertyMembers(text: string): string | undefined {
  const [, name = '', operator = '', value = ''] = /^([^!:=]*)(!=|[:=])?(.*)$/su.exec(text) ?? []
  if (operator === '') return lonePropertyMembers(name)
  const property = VALUED[loose(name)]
  if (property === undefined) return undefined
  const spelling = spellings(value)
    .map((candidate) => `${property}=${candidate}`)
    .find(isKnown)
  if (spelling === undefined) return undefined
  return operator === '!=' ? `\\P{${spelling}}` : `\\p{${spelling}}`
}

/** Every character that is equal to one of these when case is ignored (simple case folding), these included. */
export function foldPoints(ranges: readonly CodeRange[]): readonly CodeRange[] {
  if (ranges.length === 0) return ranges
  const members = ranges.map((range) => `${escape(range.first)}-${escape(range.last)}`).join('')
  const shape = new RegExp(`[${members}]`, 'iv')
  const folded: CodeRange[] = [...ranges]
  for (const { first, last } of rangesOf(CASED)) {
    for (let point = first; point <= last; point += 1) {
      if (shape.test(String.fromCodePoint(point))) folded.push({ first: point, last: point })
    }
  }
  return unite(folded)
}

function scanPlane(shape: RegExp, first: number): readonly CodeRange[] {
  const ranges: CodeRange[] = []
  for (let at = first; at < first + PLANE; at += BLOCK) {
    // The surrogates share a block with characters.
    const last = at === 0xd000 ? 0xd7ff : at + BLOCK - 1
    ranges.push(...scan(shape, { first: at, last }))
  }
  return ranges
}

function sample(shape: RegExp, first: number): readonly CodeRange[] {
  const last = first + PLANE - 1
  const usual = scan(shape, { first, last: first }).map(() => ({ first, last: last - 2 }))
  return [...usual, ...scan(shape, { first: last - 1, last })]
}

function scan(shape: RegExp, { first, last }: CodeRange): readonly CodeRange[] {
  const points = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const width = first > 0xffff ? 2 : 1
  return Array.from(String.fromCodePoint(...points).matchAll(shape), (match) => ({
    first: first + match.index / width,
    last: first + (match.index + match[0].length) / width - 1,
  }))
}

function lonePropertyMembers(name: string): string | undefined {
  const spelling = spellings(name)
    .flatMap((candidate) => [candidate, `Script=${candidate}`])
    .find(isKnown)
  return spelling === undefined ? undefined : `\\p{${spelling}}`
}

/** JavaScript wants the exact spelling; these are the forms that names of properties have. */
function spellings(name: string): readonly string[] {
  const words = name.replace(/^is[ _-]*/i, '').split(SEPARATORS)
  const titled = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
  const [first = '', ...others] = titled
  const shortFirst = [first.toUpperCase(), ...others].join('_')
  return [name, titled.join('_'), shortFirst, words.join('_').toUpperCase()]
}

function loose(name: string): string {
  return name.split(SEPARATORS).join('').toLowerCase()
}

function escape(point: number): string {
  return `\\u{${point.toString(16)}}`
}

function isKnown(property: string): boolean {
  if (!/^[A-Za-z0-9_=]+$/.test(property)) return false
  try {
    return new RegExp(`\\p{${property}}`, 'v').source !== ''
  } catch {
    // The constructor is the only way to ask whether a property exists; it answers by throwing.
    return false
  }
}
