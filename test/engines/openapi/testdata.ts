/** Larger vectors that lie beside the repository; tests that want them skip where they are absent. */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const beside = new URL('../../../../shared/testdata/', import.meta.url)

export function hasTestdata(folder: string): boolean {
  return existsSync(pathOf(folder))
}

export function readTestdata(file: string): string {
  const bytes = readFileSync(pathOf(file))
  return file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
}

/** One JSON value a line; the caller says what the rows of its file are. */
export function readRows(file: string): readonly unknown[] {
  return readTestdata(file)
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

export function readVector(file: string): string {
  return readFileSync(new URL(`../../vectors/openapi/${file}`, import.meta.url).pathname).toString()
}

function pathOf(file: string): string {
  return new URL(file, beside).pathname
}
