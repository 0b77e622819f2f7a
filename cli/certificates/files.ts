/**
 * The files of a client certificate: private key, certificate, PKCS#12, readable by their owner alone. Nothing that is there
 * already is overwritten, except a certificate by its successor.
 */
import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { err, ok, type Result } from '#engines/result'
import { cliLimits } from '../limits.ts'

export type CertificateFiles = {
  readonly key: string
  readonly certificate: string
  readonly pkcs12: string
}

/** Where they go: named after the common name, as far as it makes a file name. */
export function certificateFiles(directory: string, commonName: string): CertificateFiles {
  const name = commonName
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._@-]+/gu, '_')
    .replace(/^[._-]+/, '')
    .slice(0, NAME_CHARACTERS_MAX)
  const base = join(directory, name === '' ? 'client' : name)
  return {
    key: `${base}.key.pem`,
    certificate: `${base}.cert.pem`,
    pkcs12: `${base}.p12`,
  }
}

const NAME_CHARACTERS_MAX = 80

/** The first of these paths at which there is something; null when all are free. */
export async function firstTaken(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    try {
      await access(path)
      return path
    } catch {
      // Nothing there, or out of reach: then writing says so.
    }
  }
  return null
}

/** Writes a file of mode 0600 where there was none; makes its directory. The error is one line. */
export async function writeNewFile(
  path: string,
  content: string | Uint8Array,
): Promise<Result<string, string>> {
  return attempt(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(path, content, { mode: 0o600, flag: 'wx' })
  })
}

/** Writes a file of mode 0600 whole, in place of what was there. The error is one line. */
export async function replaceFile(path: string, content: string): Promise<Result<string, string>> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const written = await writeNewFile(draft, content)
  return written.ok ? attempt(path, () => rename(draft, path)) : written
}

/** Takes away a file that was just written. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** The text of a signing request. The error is one line. */
export async function readRequestFile(path: string): Promise<Result<string, string>> {
  try {
    const { size } = await stat(path)
    if (size > cliLimits.signingRequestBytesMax)
      return err(`${path} is too large for a signing request`)
    return ok(await readFile(path, 'utf8'))
  } catch (error) {
    return err(`${path} cannot be read: ${reasonOf(error)}`)
  }
}

async function attempt(path: string, work: () => Promise<void>): Promise<Result<string, string>> {
  try {
    await work()
    return ok(path)
  } catch (error) {
    return err(`${path} cannot be written: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}
