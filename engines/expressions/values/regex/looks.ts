/** What a pattern can ask of a place between two bytes, by what stands on either side (regex-automata, `util::look`). */
import type { Look, LookName } from './tree.ts'

/**
 * What stands on one side of a place. `wideWord` and `wideOther` are whole characters beyond ASCII; `broken` is a byte that
 * belongs to no character, or the middle of one.
 */
export type Side = 'edge' | 'lf' | 'cr' | 'word' | 'other' | 'wideWord' | 'wideOther' | 'broken'

/** The two sides of a place, each as a word character or not; undefined if there is no character to ask. */
type Words = { readonly before: boolean | undefined; readonly after: boolean | undefined }
type Place = { readonly behind: Side; readonly ahead: Side }

const LINE_LOOKS: Readonly<Partial<Record<LookName, (place: Place) => boolean>>> = {
  start: ({ behind }) => behind === 'edge',
  end: ({ ahead }) => ahead === 'edge',
  lineStart: ({ behind }) => behind === 'edge' || behind === 'lf',
  lineEnd: ({ ahead }) => ahead === 'edge' || ahead === 'lf',
  crlfLineStart: ({ behind, ahead }) =>
    behind === 'edge' || behind === 'lf' || (behind === 'cr' && ahead !== 'lf'),
  crlfLineEnd: ({ behind, ahead }) =>
    ahead === 'edge' || ahead === 'cr' || (ahead === 'lf' && behind !== 'cr'),
}
/** Where a character is needed and there is none, the place is inside of one or beside a stray byte: no edge. */
const WORD_LOOKS: Readonly<Partial<Record<LookName, (words: Words) => boolean>>> = {
  wordEdge: ({ before, after }) => (before ?? false) !== (after ?? false),
  notWordEdge: ({ before, after }) => before !== undefined && before === after,
  wordStart: ({ before, after }) => before !== true && after === true,
  wordEnd: ({ before, after }) => before === true && after !== true,
  wordStartHalf: ({ before }) => before === false,
  wordEndHalf: ({ after }) => after === false,
}

/** Whether the place is what the look asks for. */
export function holds({ look, isUnicode }: Look, place: Place): boolean {
  const word = WORD_LOOKS[look]
  if (word === undefined) return LINE_LOOKS[look]?.(place) ?? false
  const isWord = isUnicode ? isWordCharacter : isWordByte
  return word({ before: isWord(place.behind), after: isWord(place.ahead) })
}

/** Whether the look asks for the ends of lines, or for words. */
export function asksFor({ look }: Look): 'ends' | 'lines' | 'words' {
  if (WORD_LOOKS[look] !== undefined) return 'words'
  return look === 'start' || look === 'end' ? 'ends' : 'lines'
}

function isWordByte(side: Side): boolean {
  return side === 'word'
}

function isWordCharacter(side: Side): boolean | undefined {
  return side === 'broken' ? undefined : side === 'word' || side === 'wideWord'
}
