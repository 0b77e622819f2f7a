/** The command as a person runs it, against nothing and against a real shield. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startEdge, type Edge } from '../../edge/start.ts'
import { createProject, GOOD_RULES, GOOD_SCHEMA, runSeed, type Project } from './project.ts'

// A port that was free a moment ago.
const nowhere = createServer().listen(0, '127.0.0.1')
await once(nowhere, 'listening')
const address = nowhere.address()
if (address === null || typeof address === 'string') throw new Error('the server has no port')
const URL_OF_NOTHING = `http://127.0.0.1:${address.port}`
await new Promise((resolve) => nowhere.close(resolve))

const NOWHERE = {
  PORTCULLIS_URL: URL_OF_NOTHING,
  API_TOKEN: 'token-of-no-shield',
  ZONE_ID: 'f'.repeat(32),
}

let project: Project

beforeEach(async () => {
  project = await createProject({ 'rules/a.yaml': GOOD_RULES, 'schemas/b.yaml': GOOD_SCHEMA })
})
afterEach(() => project.remove())

describe('exit 2, nothing sent', () => {
  test('errors are printed as file:line: key: message, all of them', async () => {
    await project.write('rules/a.yaml', GOOD_RULES.replace('block', 'allow'))
    await project.write('schemas/b.yaml', GOOD_SCHEMA.replace('3.1.0', '2.0.0'))
    const { exitCode, stdout, stderr } = await runSeed(project.root, NOWHERE)
    expect(stderr).toMatch(/^rules\/a\.yaml:6: rules\[0\]\.action: .*"allow"/m)
    expect(stderr).toMatch(/^schemas\/b\.yaml:1: \$\.openapi: .*3\.0 and 3\.1/m)
    expect(stderr).toContain('2 errors; nothing was changed')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })

  test('a bad expression shows the place', async () => {
    const expression = 'http.host eq "a" and nope'
    await project.write(
      'rules/a.yaml',
      GOOD_RULES.replace('cf.api_gateway.fallthrough_detected', expression),
    )
    const { exitCode, stderr } = await runSeed(project.root, NOWHERE)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^rules\/a\.yaml:5: rules\[0\]\.expression: /m)
    const [drawn = '', carets = ''] = stderr.slice(stderr.indexOf(expression)).split('\n')
    expect(drawn).toBe(expression)
    expect(carets).toMatch(/^ {21}\^{4} /)
  })

  test.each([[['--remtoe']], [['--remote', 'now']], [['rules/a.yaml']]])(
    'the command line %j is not understood',
    async (options) => {
      expect(await runSeed(project.root, NOWHERE, ...options)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: 'usage: npm run seed [-- --remote]\n',
      })
    },
  )

  test('no zone id, and no wrangler.toml to take it from', async () => {
    const { exitCode, stderr } = await runSeed(project.root, { ...NOWHERE, ZONE_ID: '' })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^ZONE_ID is not set, and .*wrangler\.toml cannot be read/)
  })
})

describe('exit 1, the shield did not take it', () => {
  test('nothing runs there', async () => {
    expect(await runSeed(project.root, NOWHERE)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `no shield answers at ${URL_OF_NOTHING}; start it first: npm start\n`,
    })
  })

  test('nothing ever ran: there is no token', async () => {
    const stderr = 'there is no API token yet (state/api-token); start it first: npm start\n'
    const run = await runSeed(project.root, { ...NOWHERE, API_TOKEN: '', STATE_DIR: 'state' })
    expect(run).toEqual({ exitCode: 1, stdout: '', stderr })
  })
})

describe('a running shield', () => {
  let edge: Edge
  let stateProject: Project

  beforeAll(async () => {
    stateProject = await createProject()
    const started = await startEdge({
      httpPort: 0,
      httpsPort: 0,
      stateDir: join(stateProject.root, 'state'),
      log: () => {},
    })
    if (!started.ok) throw new Error(JSON.stringify(started.error))
    edge = started.value
  })
  afterAll(async () => {
    await edge?.stop()
    await stateProject.remove()
  })

  const seed = () =>
    runSeed(project.root, {
      PORTCULLIS_URL: edge.httpUrl,
      STATE_DIR: join(stateProject.root, 'state'),
      ZONE_ID: edge.zoneId,
    })

  test('takes the files once, finds nothing to do the second time, and follows every change', async () => {
    const first = await seed()
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(first.stdout).toMatch(/^created {3}rule\/unknown$/m)
    expect(first.stdout).toMatch(/^created {3}schema\/schemas\/b\.yaml$/m)
    expect(first.stdout).toMatch(/^created {3}operation\/GET things\.example\.com\/things$/m)

    const second = await seed()
    expect(second).toMatchObject({ exitCode: 0, stderr: '' })
    expect(second.stdout).toMatch(/^unchanged [1-9]\d*\n$/)

    await project.write('rules/a.yaml', GOOD_RULES.replace('action: block', 'action: log'))
    expect((await seed()).stdout).toMatch(/^updated {3}rule\/unknown\nunchanged \d+\n$/)

    await project.write('schemas/b.yaml', null)
    const last = await seed()
    expect(last.stdout).toMatch(/^deleted {3}schema\/schemas\/b\.yaml$/m)
    expect(last.stdout).toMatch(/^deleted {3}operation\/GET things\.example\.com\/things$/m)
  })

  test('what only the shield can see is its report: exit 1, file and message, nothing changed', async () => {
    await seed()
    await project.write('rules/c.yaml', GOOD_RULES)
    const { exitCode, stdout, stderr } = await seed()
    expect(stderr).toMatch(/^rules\/[ac]\.yaml.*"unknown"/)
    expect(stderr).toContain('1 error; nothing was changed')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  })

  test('a wrong token is refused in one line', async () => {
    const run = await runSeed(project.root, {
      PORTCULLIS_URL: edge.httpUrl,
      API_TOKEN: 'not-the-token-of-it',
      ZONE_ID: edge.zoneId,
    })
    expect(run.stderr).toMatch(/^the shield refused \(40[13]\): [^\n]+\n$/)
    expect(run).toMatchObject({ exitCode: 1, stdout: '' })
  })
})
