/** What the parts of a profile are compiled with. */
import type { JsonObject } from './json-value.ts'
import type { SchemaConverter } from './schemas.ts'
import type { Note } from './warnings.ts'

export type ProfileContext = {
  readonly root: JsonObject
  readonly converter: SchemaConverter
  /** Whether bodies of a type or a range are looked into. */
  looksInto(essence: string): boolean
  /** What turned out odd, added to as it is found. */
  readonly notes: Note[]
}
