/**
 * Reads and checks folders of files that say what a shield enforces: rule files and OpenAPI documents. It reports
 * everything that is wrong at once, each with file, line and key, and then hands over nothing. Folders inside of a folder
 * and hidden files are left alone.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readDocument } from '#engines/openapi'
import { err, ok, type Result } from '#engines/result'
import { readRuleFile } from '#engines/rule-files'
import { cliLimits as limits } from './limits.ts'

/** `path` begins with the name of its folder and has forward slashes on every system. */
export type ConfigurationFile = { readonly path: string; readonly content: string }

export type FileProblem = {
  readonly file: string
  /** From 1; null when the file as a whole is meant. */
  readonly line: number | null
  /** Such as `rules[2].expression`, in a schema a JSONPath. */
  readonly key: string | null
  /** May go on over several lines, to draw the place within an expression. */
  readonly message: string
}

export type ConfigurationFolder = {
  readonly kind: 'rules' | 'schemas'
  readonly directory: string
  /** What its files are called by, without a slash at the end. */
  readonly name: string
}

/** The files of each folder in the order of their names; null for a folder that does not exist. */
export async function readConfigurationFiles(
  folders: readonly ConfigurationFolder[],
): Promise<Result<readonly (readonly ConfigurationFile[] | null)[], readonly FileProblem[]>> {
  const listings = await Promise.all(folders.map((folder) => listFolder(folder)))
  const read = await Promise.all(listings.map((listing) => readListing(listing)))
  const problems = read.flatMap((files) => (files.ok ? [] : files.error))
  if (problems.length > 0) return err(problems)
  const files = read.map((each) => (each.ok ? each.value : null))
  const count = files.reduce((sum, each) => sum + (each?.length ?? 0), 0)
  if (count <= limits.filesMax) return ok(files)
  return err([wholeFile('.', `There are ${count} files; at most ${limits.filesMax} are allowed.`)])
}

/** A problem without a line. */
export function wholeFile(file: string, message: string): FileProblem {
  return { file, line: null, key: null, message }
}

/** `file:line: key: message`; parts that are not known are left out. */
export function describeFileProblem({ file, line, key, message }: FileProblem): string {
  const place = line === null ? file : `${file}:${line}`
  return [place, ...(key === null ? [] : [key]), message.trimEnd()].join(': ')
}

type Kind = {
  readonly extensions: RegExp
  readonly bytesMax: number
  readonly check: (path: string, text: string) => readonly FileProblem[]
}

const KINDS: Readonly<Record<ConfigurationFolder['kind'], Kind>> = {
  rules: { extensions: /\.ya?ml$/, bytesMax: limits.ruleFileBytesMax, check: checkRules },
  schemas: {
    extensions: /\.(?:ya?ml|json)$/,
    bytesMax: limits.schemaBytesMax,
    check: checkSchema,
  },
}

/** A file that was listed, with the folder whose rules it follows. */
type Listed = {
  readonly folder: ConfigurationFolder
  /** Within the folder. */
  readonly file: string
}

type Listing = Result<readonly Listed[] | null, FileProblem>

async function listFolder(folder: ConfigurationFolder): Promise<Listing> {
  try {
    const entries = await readdir(folder.directory, { withFileTypes: true })
    const files = entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .filter((name) => KINDS[folder.kind].extensions.test(name))
      .sort()
    return ok(files.map((file) => ({ folder, file })))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ok(null)
    return err(wholeFile(`${folder.name}/`, `The folder cannot be read: ${textOf(error)}`))
  }
}

type Files = Result<readonly ConfigurationFile[] | null, readonly FileProblem[]>

async function readListing(listing: Listing): Promise<Files> {
  if (!listing.ok) return err([listing.error])
  if (listing.value === null) return ok(null)
  const read = await Promise.all(listing.value.map((listed) => readConfigurationFile(listed)))
  const problems = read.flatMap((file) => (file.ok ? [] : file.error))
  return problems.length > 0
    ? err(problems)
    : ok(read.flatMap((file) => (file.ok ? [file.value] : [])))
}

async function readConfigurationFile({
  folder,
  file,
}: Listed): Promise<Result<ConfigurationFile, readonly FileProblem[]>> {
  const path = `${folder.name}/${file}`
  const { bytesMax, check } = KINDS[folder.kind]
  const bytes = await readBounded(join(folder.directory, file), bytesMax)
  if (!bytes.ok) return err([wholeFile(path, bytes.error)])
  const content = decode(bytes.value)
  if (content === null) return err([wholeFile(path, 'The file is not UTF-8 text.')])
  const problems = check(path, content)
  return problems.length > 0 ? err(problems) : ok({ path, content })
}

async function readBounded(file: string, bytesMax: number): Promise<Result<Uint8Array, string>> {
  try {
    const { size } = await stat(file)
    if (size > bytesMax) return err(`The file has ${size} bytes; at most ${bytesMax} are allowed.`)
    return ok(await readFile(file))
  } catch (error) {
    return err(`The file cannot be read: ${textOf(error)}`)
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    // The decoder has no other way to say so.
    return null
  }
}

function checkRules(path: string, text: string): readonly FileProblem[] {
  const rules = readRuleFile(path, text)
  return rules.ok ? [] : rules.error
}

function checkSchema(file: string, text: string): readonly FileProblem[] {
  const document = readDocument(text)
  if (document.ok) return []
  return document.error.issues.map(({ path, line, message }) => ({
    file,
    line,
    key: path,
    message,
  }))
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}

function textOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error))
}
