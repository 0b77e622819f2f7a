/** Where `npm run seed` finds the shield, by the same environment contract as `npm start`. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '#engines/result'

export type Environment = Readonly<Record<string, string | undefined>>

/** PORTCULLIS_URL, else the HTTP port of the local edge. */
export function readUrl(environment: Environment): string {
  return environment['PORTCULLIS_URL'] || `http://127.0.0.1:${environment['HTTP_PORT'] || '8787'}`
}

/** API_TOKEN, else the one that the local edge keeps in its state directory. The error is one line. */
export async function readToken(environment: Environment): Promise<Result<string, string>> {
  const given = environment['API_TOKEN']
  if (given !== undefined && given !== '') return ok(given)
  const path = join(environment['STATE_DIR'] || '.portcullis', 'api-token')
  try {
    return ok((await readFile(path, 'utf8')).trim())
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT')
      return err(`there is no API token yet (${path}); start it first: npm start`)
    return err(`the API token cannot be read (${path}): ${String(code ?? error)}`)
  }
}

/** ZONE_ID, else that of the project's wrangler.toml. The error is one line. */
export async function readZoneId(
  environment: Environment,
  root: string,
): Promise<Result<string, string>> {
  const given = environment['ZONE_ID']
  if (given !== undefined && given !== '') return ok(given)
  const configPath = join(root, 'wrangler.toml')
  // wrangler takes a second to load, and only this asks for it.
  const { unstable_readConfig } = await import('wrangler')
  try {
    const zoneId = unstable_readConfig({ config: configPath }).vars['ZONE_ID']
    if (typeof zoneId === 'string' && zoneId !== '') return ok(zoneId)
    return err(`ZONE_ID is neither set nor in ${configPath}`)
  } catch (error) {
    // wrangler throws for a file that it cannot find or read.
    return err(`ZONE_ID is not set, and ${configPath} cannot be read: ${String(error)}`)
  }
}
