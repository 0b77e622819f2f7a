/**
 * Opens files of recorded traffic: plain or `.gz`, HAR, access log or JSON lines, told apart by how they begin. Hands on
 * what each chunk of the file holds; only a HAR file is ever held whole.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { err, ok, type Result } from '#engines/result'
import { createEntryReader, type TrafficEntry } from './traffic-entries.ts'
import { readText } from './text-lines.ts'

export type TrafficBatch = {
  readonly entries: readonly TrafficEntry[]
  /** Of the file as it lies on disk, up to here. */
  readonly bytesRead: number
}

/** Size of a file in bytes; the error is one line. */
export async function sizeOfFile(path: string): Promise<Result<number, string>> {
  try {
    const found = await stat(path)
    return found.isDirectory() ? err(`${path} is a directory`) : ok(found.size)
  } catch (error) {
    return err(`${path} cannot be read: ${textOf(error)}`)
  }
}

/** The entries of a file in their order. The last batch is an error of one line when the file cannot be read to its end. */
export async function* readTrafficFile(path: string): AsyncGenerator<Result<TrafficBatch, string>> {
  const file = createReadStream(path)
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // `pipe` does not hand errors on.
  file.on('error', (error) => stream.destroy(error))
  const reader = createEntryReader()
  try {
    for await (const text of readText(stream)) {
      yield ok({ entries: reader.push(text), bytesRead: file.bytesRead })
    }
    const last = reader.end()
    yield last.ok
      ? ok({ entries: last.value, bytesRead: file.bytesRead })
      : err(`${path}: ${last.error}`)
  } catch (error) {
    yield err(`${path} cannot be read: ${textOf(error)}`)
  } finally {
    file.destroy()
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
