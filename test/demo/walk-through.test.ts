/** demo/README.md by hand: its commands are run as they stand there, and answer what stands there. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seedRunning } from '../../cli/seed-running.ts'
import { startEdge, type Edge } from '../../edge/start.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

const NEEDED: readonly (readonly [string, ...string[]])[] = [
  ['curl', '--version'],
  ['jq', '--version'],
  ['openssl', 'version'],
  ['cfssl', 'version'],
  ['sh', '-c', 'command -v cfssljson'],
  ['python3', '-c', 'import requests'],
]
const missing = NEEDED.filter(([program, ...options]) => spawnSync(program, options).status !== 0)
if (missing.length > 0) {
  process.stderr.write(
    `walk-through skipped: missing ${missing.map((row) => row.join(' ')).join(', ')}\n`,
  )
}

type Part = { readonly heading: string; readonly commands: string; readonly answer: string }

describe.skipIf(missing.length > 0)('demo/README.md', () => {
  test('does what it says', { timeout: 120_000 }, async () => {
    const parts = partsOf(await readFile(join(REPOSITORY, 'demo/README.md'), 'utf8'))
    expect(parts.length).toBeGreaterThan(8)
    const home = await mkdtemp(join(tmpdir(), 'portcullis-walk-'))
    const edge = await startShield(home)
    try {
      const answers = await runAll(parts, { home, edge })
      for (const [index, { heading, answer }] of parts.entries()) {
        expect(answers[index], heading).toMatch(patternOf(answer))
      }
    } finally {
      await edge.stop()
      await rm(home, { recursive: true, force: true })
    }
  })
})

/** Every block of commands, with the block that follows it where it is an answer. */
function partsOf(markdown: string): readonly Part[] {
  const blocks = [...markdown.matchAll(/^(?:## (.*)|```(sh|text)\n([\s\S]*?)^```)$/gm)]
  let heading = ''
  return blocks.flatMap(([, title, language, text = ''], index) => {
    heading = title ?? heading
    if (language !== 'sh') return []
    const next = blocks[index + 1]
    return [{ heading, commands: text, answer: next?.[2] === 'text' ? (next[3] ?? '') : '' }]
  })
}

async function startShield(home: string): Promise<Edge> {
  const started = await startEdge({
    httpPort: 0,
    httpsPort: 0,
    stateDir: join(home, '.portcullis'),
    log: () => {},
  })
  if (!started.ok) throw new Error(JSON.stringify(started.error))
  const { httpUrl: url, apiToken: token, zoneId } = started.value
  const seeded = await seedRunning({ url, token, zoneId, root: REPOSITORY })
  expect(seeded).toMatchObject({ kind: 'seeded', report: { errors: [] } })
  return started.value
}

const END_OF_PART = '-- end of part --'

/** One shell for all, because later commands use what earlier ones set. */
async function runAll(
  parts: readonly Part[],
  { home, edge }: { readonly home: string; readonly edge: Edge },
): Promise<readonly string[]> {
  await symlink(join(REPOSITORY, 'demo'), join(home, 'demo'))
  const script = parts.map(({ commands }) => `${commands}echo '${END_OF_PART}'\n`).join('')
  const child = spawn('bash', ['-c', `exec 2>&1\n${withPorts(script, edge)}`], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: home,
      NO_PROXY: '127.0.0.1',
      // The page relies on the clients' defaults, which are the default ports.
      SENSOR_URL: `${edge.httpsUrl}/temps`,
      MOBILE_URL: `${edge.httpsUrl}/temps`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await new Promise((resolve) => child.on('close', resolve))
  return output.split(`${END_OF_PART}\n`)
}

function withPorts(script: string, { httpUrl, httpsUrl }: Edge): string {
  return script
    .replaceAll('http://127.0.0.1:8787', httpUrl)
    .replaceAll('https://127.0.0.1:8443', httpsUrl)
}

/** `…` stands for anything within its line. */
function patternOf(answer: string): RegExp {
  return new RegExp(`^${answer.split('…').map(escaped).join('[^\\n]+?')}$`)
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
