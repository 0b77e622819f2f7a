/** Reads and checks rules/ and schemas/ of a project: what `npm run seed` sends, or all that is wrong with it. */
import { join } from 'node:path'
import { err, ok, type Result } from '#engines/result'
import {
  type ConfigurationFile,
  type FileProblem,
  readConfigurationFiles,
  wholeFile,
} from './configuration-files.ts'

const FOLDERS = ['rules', 'schemas'] as const

/** Reads the files below `root` in the order of their names; a project without either folder is a problem. */
export async function readSeedFiles(
  root: string,
): Promise<Result<readonly ConfigurationFile[], readonly FileProblem[]>> {
  const read = await readConfigurationFiles(
    FOLDERS.map((kind) => ({ kind, directory: join(root, kind), name: kind })),
  )
  if (!read.ok) return read
  // Files that are gone take their rules with them, so the wrong directory must not pass for an empty one.
  if (read.value.every((files) => files === null)) {
    const message = `There is neither ${FOLDERS.map((name) => `${name}/`).join(' nor ')} in ${root}.`
    return err([wholeFile('.', message)])
  }
  return ok(read.value.flatMap((files) => files ?? []))
}
