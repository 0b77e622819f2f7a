/**
 * The one buffer of a request's body. Nobody asks: the body streams through untouched. Somebody asks: it is read once, up
 * to a bound, shared by all who look, and forwarded byte for byte, together with whatever lay beyond the bound.
 */
import { joinChunks } from '../chunks.ts'

type InspectedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Longer than the bound; nothing of it may be judged. */
  | { readonly kind: 'too_large' }

export type BodyBuffer = {
  /** Reads at most the bound; the same answer to every caller. Rejects when the client breaks off. */
  inspect(): Promise<InspectedBody>
  /** The beginning of the body up to the bound, however long it is; empty when there is none. */
  head(): Promise<Uint8Array>
  /** What to send on, once. `null` when the request has no body. */
  forward(): ReadableStream<Uint8Array> | Uint8Array | null
}

export function createBodyBuffer(request: Request, bytesMax: number): BodyBuffer {
  let inspection: Promise<Buffered> | null = null
  let buffered: Buffered | null = null

  async function read(body: ReadableStream<Uint8Array>): Promise<Buffered> {
    // A body of known length comes in one piece, which costs far less than a reader.
    buffered =
      declaredBytes(request) <= bytesMax
        ? { bytes: new Uint8Array(await request.arrayBuffer()), rest: null }
        : await readUpTo(body, bytesMax)
    return buffered
  }

  return {
    async inspect() {
      if (request.body === null) return { kind: 'none' }
      if (declaredBytes(request) > bytesMax) return { kind: 'too_large' }
      inspection ??= read(request.body)
      const { bytes, rest } = await inspection
      if (rest !== null) return { kind: 'too_large' }
      return bytes.length === 0 ? { kind: 'none' } : { kind: 'bytes', bytes }
    },
    async head() {
      if (request.body === null && inspection === null) return new Uint8Array()
      if (request.body !== null) inspection ??= read(request.body)
      const bytes = (await inspection)?.bytes ?? new Uint8Array()
      return bytes.length > bytesMax ? bytes.subarray(0, bytesMax) : bytes
    },
    forward() {
      if (buffered === null) return request.body
      return buffered.rest === null ? buffered.bytes : resumed(buffered.bytes, buffered.rest)
    },
  }
}

/** NaN, for a body of unknown length, is larger than nothing. */
function declaredBytes(request: Request): number {
  return Number(request.headers.get('content-length') ?? Number.NaN)
}

type Buffered = {
  readonly bytes: Uint8Array
  /** The reader of what follows; `null` when `bytes` is all. */
  readonly rest: ReadableStreamDefaultReader<Uint8Array> | null
}

/** As much as the bound and what the last chunk adds to it. */
export async function readUpTo(
  body: ReadableStream<Uint8Array>,
  bytesMax: number,
): Promise<Buffered> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  while (length <= bytesMax) {
    const { done, value } = await reader.read()
    if (done) return { bytes: joined(chunks, length), rest: null }
    chunks.push(value)
    length += value.length
  }
  return { bytes: joined(chunks, length), rest: reader }
}

/** A single chunk is not copied. */
function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : joinChunks(chunks, length)
}

function resumed(
  head: Uint8Array,
  rest: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(head)
    },
    async pull(controller) {
      const { done, value } = await rest.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel(reason) {
      await rest.cancel(reason)
    },
  })
}
