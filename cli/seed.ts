/**
 * `npm run seed`: puts rules/ and schemas/ of this project into force on a running shield, and with
 * `-- --remote` on the deployed one. Exit 0 done, 1 the shield did not take it, 2 the files or the command
 * are wrong and nothing was sent. The report goes to standard output, errors to standard error.
 */
import { readSeedFiles } from './seed-files.ts'
import { runWrangler, seedRemote } from './seed-remote.ts'
import { sendSeedFiles } from './seed-running.ts'
import { readToken, readUrl, readZoneId } from './seed-settings.ts'
import { describeOutcome, describeProblems, type SeedWords } from './seed-words.ts'

const root = process.cwd()
const { lines, exitCode } = await run(process.argv.slice(2))
for (const line of lines) {
  if (exitCode === 0) console.log(line)
  else console.error(line)
}
process.exitCode = exitCode

async function run(commandLine: readonly string[]): Promise<SeedWords> {
  if (commandLine.length === 0) return seedLocal()
  if (commandLine.length === 1 && commandLine[0] === '--remote') return seedDeployed()
  return { lines: ['usage: npm run seed [-- --remote]'], exitCode: 2 }
}

async function seedLocal(): Promise<SeedWords> {
  // Before the settings: whoever mends files should not have to start anything to see that they are right.
  const files = await readSeedFiles(root)
  if (!files.ok) return { lines: describeProblems(files.error), exitCode: 2 }
  const token = await readToken(process.env)
  if (!token.ok) return { lines: [token.error], exitCode: 1 }
  const zoneId = await readZoneId(process.env, root)
  if (!zoneId.ok) return { lines: [zoneId.error], exitCode: 2 }
  const shield = { url: readUrl(process.env), token: token.value, zoneId: zoneId.value }
  return describeOutcome(await sendSeedFiles(files.value, shield))
}

async function seedDeployed(): Promise<SeedWords> {
  const files = await readSeedFiles(root)
  if (!files.ok) return { lines: describeProblems(files.error), exitCode: 2 }
  const zoneId = await readZoneId(process.env, root)
  if (!zoneId.ok) return { lines: [zoneId.error], exitCode: 2 }
  const code = await seedRemote({
    files: files.value,
    zoneId: zoneId.value,
    root,
    wrangler: runWrangler,
  })
  if (code !== 0)
    return {
      lines: [`wrangler could not write the files (exit ${code}); nothing was changed`],
      exitCode: 1,
    }
  return {
    lines: [
      `${files.value.length} files written; the Worker's schedule puts them into force within a minute`,
      `the report: GET /client/v4/zones/${zoneId.value}/portcullis/seed on your deployment, with its API token`,
    ],
    exitCode: 0,
  }
}
