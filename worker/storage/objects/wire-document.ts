/**
 * Documents on their way to the Zone object and back. One call ends at 32 MiB, where a text that has a single character
 * beyond Latin-1 takes two bytes for each: long ones cross as UTF-8.
 */
import type { StoredDocument } from './documents.ts'

export type WireDocument = {
  readonly collection: string
  readonly id: string
  readonly body: string | Uint8Array
}

const LONG_CHARACTERS = 1_000_000

export function packed({ collection, id, body }: StoredDocument): WireDocument {
  const isLong = body.length > LONG_CHARACTERS
  return { collection, id, body: isLong ? new TextEncoder().encode(body) : body }
}

export function unpacked({ collection, id, body }: WireDocument): StoredDocument {
  return { collection, id, body: typeof body === 'string' ? body : new TextDecoder().decode(body) }
}

/** In their order, in as few batches as their size allows; at least one. A document that is larger alone is one of its own. */
export function batches(documents: readonly WireDocument[]): readonly (readonly WireDocument[])[] {
  const closed: (readonly WireDocument[])[] = []
  let open: WireDocument[] = []
  let size = 0
  for (const document of documents) {
    if (open.length > 0 && size + document.body.length > BATCH_SIZE) {
      closed.push(open)
      open = []
      size = 0
    }
    open.push(document)
    size += document.body.length
  }
  return [...closed, open]
}

/** Characters and bytes: with two bytes a character it stays below 32 MiB. */
const BATCH_SIZE = 8_000_000
