/**
 * Reads and checks the files that say what a deployment enforces: rules/ and schemas/ of a project. It
 * reports everything that is wrong at once, each with file, line and key, and then hands over nothing.
 * Folders inside these two and hidden files are left alone.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readDocument } from '#engines/openapi'
import { err, ok, type Result } from '#engines/result'
import { readRuleFile } from '#engines/rule-files'
import { seedLimits as limits } from './limits.ts'

/** `path` is relative to the project and has forward slashes on every system. */
export type SeedFile = { readonly path: string; readonly content: string }

export type SeedProblem = {
  readonly file: string
  /** From 1; null when the file as a whole is meant. */
  readonly line: number | null
  /** Such as `rules[2].expression`, in a schema a JSONPath. */
  readonly key: string | null
  /** May go on over several lines, to draw the place within an expression. */
  readonly message: string
}

/** Reads the files below `root` in the order of their names; a project without either folder is a problem. */
export async function readSeedFiles(
  root: string,
): Promise<Result<readonly SeedFile[], readonly SeedProblem[]>> {
  const listings = await Promise.all(folders.map((folder) => listFolder(root, folder)))
  const refused = listings.flatMap((listing) => (listing.ok ? [] : [listing.error]))
  if (refused.length > 0) return err(refused)
  const names = listings.flatMap((listing) => (listing.ok ? [listing.value] : []))
  // Files that are gone take their rules with them, so the wrong directory must not pass for an empty one.
  if (names.every((listed) => listed === null)) {
    return err([
      whole(
        '.',
        `There is neither ${folders.map(({ name }) => `${name}/`).join(' nor ')} in ${root}.`,
      ),
    ])
  }
  const read = await Promise.all(
    names.flatMap((listed) => listed ?? []).map((path) => readSeedFile(root, path)),
  )
  return collect(read)
}

type Folder = {
  readonly name: string
  readonly extensions: RegExp
  readonly bytesMax: number
  readonly check: (path: string, text: string) => readonly SeedProblem[]
}

const folders: readonly Folder[] = [
  { name: 'rules', extensions: /\.ya?ml$/, bytesMax: limits.ruleFileBytesMax, check: checkRules },
  {
    name: 'schemas',
    extensions: /\.(?:ya?ml|json)$/,
    bytesMax: limits.schemaBytesMax,
    check: checkSchema,
  },
]

/** A file that was listed, with the folder whose rules it follows. */
type Listed = { readonly folder: Folder; readonly path: string }

/** Null when there is no such folder. */
async function listFolder(
  root: string,
  folder: Folder,
): Promise<Result<readonly Listed[] | null, SeedProblem>> {
  try {
    const entries = await readdir(join(root, folder.name), { withFileTypes: true })
    const files = entries
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .filter((name) => folder.extensions.test(name))
      .sort()
    return ok(files.map((name) => ({ folder, path: `${folder.name}/${name}` })))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ok(null)
    return err(whole(`${folder.name}/`, `The folder cannot be read: ${textOf(error)}`))
  }
}

async function readSeedFile(
  root: string,
  { folder, path }: Listed,
): Promise<Result<SeedFile, readonly SeedProblem[]>> {
  const bytes = await readBounded(join(root, path), folder.bytesMax)
  if (!bytes.ok) return err([whole(path, bytes.error)])
  const content = decode(bytes.value)
  if (content === null) return err([whole(path, 'The file is not UTF-8 text.')])
  const problems = folder.check(path, content)
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

function checkRules(path: string, text: string): readonly SeedProblem[] {
  const rules = readRuleFile(path, text)
  return rules.ok ? [] : rules.error
}

function checkSchema(file: string, text: string): readonly SeedProblem[] {
  const document = readDocument(text)
  if (document.ok) return []
  return document.error.issues.map(({ path, line, message }) => ({
    file,
    line,
    key: path,
    message,
  }))
}

function collect(
  read: readonly Result<SeedFile, readonly SeedProblem[]>[],
): Result<readonly SeedFile[], readonly SeedProblem[]> {
  const problems = read.flatMap((file) => (file.ok ? [] : file.error))
  if (problems.length > 0) return err(problems)
  const files = read.flatMap((file) => (file.ok ? [file.value] : []))
  if (files.length <= limits.filesMax) return ok(files)
  return err([
    whole('.', `There are ${files.length} files; at most ${limits.filesMax} are allowed.`),
  ])
}

function whole(file: string, message: string): SeedProblem {
  return { file, line: null, key: null, message }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}

function textOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error))
}
