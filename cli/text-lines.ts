/** Bytes of a stream to UTF-8 text and its lines. Bytes that are not UTF-8 become U+FFFD, a byte order mark is left out. */
import { createLineSplitter, type Line } from '#engines/traffic'

export async function* readText(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of stream) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** Lines in the batches in which the stream delivers them: an iteration a line would cost more than the line. */
export async function* readTextLines(
  stream: AsyncIterable<Uint8Array>,
  charactersMax: number,
): AsyncGenerator<readonly Line[]> {
  const splitter = createLineSplitter(charactersMax)
  for await (const text of readText(stream)) yield splitter.push(text)
  yield splitter.end()
}
