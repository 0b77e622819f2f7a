/** `cert issue`, `list`, `revoke` and `reissue`: what lands on disk, what is printed, and what never leaves the machine. */
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSigningRequest } from '#engines/certificates'
import { type FakeShield, startFakeShield } from './certificate-shield.ts'
import { runCommand } from './command-line.ts'

let shield: FakeShield
let directory: string

beforeAll(async () => {
  shield = await startFakeShield()
})
afterAll(() => shield.server.close())

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portcullis-cert-'))
  shield.calls.length = 0
  for (const [name, value] of Object.entries(shield.environment)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true, force: true })
})

const issue = (...words: readonly string[]) =>
  runCommand(['cert', 'issue', ...words, '--out', directory])

async function issuedId(...words: readonly string[]): Promise<string> {
  const { rows } = await issue(...words)
  const [row] = rows as { id: string }[]
  return row?.id ?? ''
}

function file(name: string): string {
  return readFileSync(join(directory, name), 'utf8')
}

describe('cert issue', () => {
  test('makes a key here, sends only the request, and writes private files', async () => {
    const { exitCode, rows, messages } = await issue(
      '--cn',
      'sensor 7',
      '--o',
      'Testers',
      '--days',
      '30',
    )
    expect({ exitCode, rows }).toMatchObject({
      exitCode: 0,
      rows: [
        {
          common_name: 'sensor 7',
          organization: 'Testers',
          status: 'active',
          expires_in_days: 29,
          files: {
            key: join(directory, 'sensor_7.key.pem'),
            certificate: join(directory, 'sensor_7.cert.pem'),
          },
        },
      ],
    })
    expect(messages.join('\n')).toContain('issued sensor 7')
    const certificate = new X509Certificate(file('sensor_7.cert.pem'))
    expect(certificate.checkPrivateKey(createPrivateKey(file('sensor_7.key.pem')))).toBe(true)
    for (const name of readdirSync(directory)) {
      expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600)
    }
    const [body = ''] = file('sensor_7.key.pem').split('\n').slice(1)
    expect(shield.calls.join('')).not.toContain(body)
    expect(shield.calls.join('')).not.toContain('PRIVATE KEY')
  })

  test('with a request of one’s own there is no key to write', async () => {
    const { csr } = await createSigningRequest({ commonName: 'elsewhere', organization: null })
    const path = join(directory, 'mine.csr.pem')
    writeFileSync(path, csr)
    expect(await issue('--csr', path)).toMatchObject({ exitCode: 0 })
    expect(readdirSync(directory).toSorted()).toEqual(['mine.cert.pem', 'mine.csr.pem'])
  })

  test('PKCS#12 opens with its password in Node and in OpenSSL, with AES-256 and SHA-256 inside', async ({
    skip,
  }) => {
    vi.stubEnv('P12_PASSWORD', 'geheim-é')
    const { exitCode } = await issue('--cn', 'phone', '--p12', '--password-env', 'P12_PASSWORD')
    expect(exitCode).toBe(0)
    const path = join(directory, 'phone.p12')
    const pfx = readFileSync(path)
    expect(() => createSecureContext({ pfx, passphrase: 'geheim-é' })).not.toThrow()
    expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow(/mac verify failure/)
    const options = ['pkcs12', '-in', path, '-passin', 'env:P12_PASSWORD', '-nodes', '-info']
    const dump = opensslOutput(options)
    if (dump === null) return skip('there is no openssl to look into the file')
    expect(dump).toContain('MAC: sha256')
    expect(dump.match(/PBES2, PBKDF2, AES-256-CBC, .*hmacWithSHA256/g)).toHaveLength(2)
    expect(dump.match(/localKeyID/g)).toHaveLength(2)
  })

  test.each([
    ['neither name nor request', [], /--cn NAME or --csr FILE/],
    ['both', ['--cn', 'a', '--csr', 'x'], /leave --cn/],
    ['a request that is not there', ['--csr', '/nowhere/x.pem'], /cannot be read: ENOENT/],
    ['days below the range', ['--cn', 'a', '--days', '0'], /1 to 5475/],
    ['days above the range', ['--cn', 'a', '--days', '5476'], /1 to 5475/],
    ['PKCS#12 without password', ['--cn', 'a', '--p12'], /--password-env/],
    ['an empty password', ['--cn', 'a', '--p12', '--password-env', 'NOT_SET_HERE'], /is empty/],
    ['a password for nothing', ['--cn', 'a', '--password-env', 'HOME'], /with --p12 only/],
    ['an operand', ['--cn', 'a', 'secret'], /takes no operand/],
  ])('%s: exit 2, nothing is issued or written', async (_name, words, message) => {
    const { exitCode, messages } = await issue(...words)
    expect(exitCode).toBe(2)
    expect(messages[0]).toMatch(message)
    expect(shield.calls).toEqual([])
    expect(readdirSync(directory)).toEqual([])
  })

  test('nothing is overwritten', async () => {
    await issue('--cn', 'twice')
    const before = file('twice.key.pem')
    const { exitCode, messages } = await issue('--cn', 'twice')
    expect({ exitCode, message: messages[0] }).toEqual({
      exitCode: 2,
      message: `${join(directory, 'twice.cert.pem')} is there already; nothing was issued`,
    })
    expect(file('twice.key.pem')).toBe(before)
    expect(shield.calls).toHaveLength(1)
  })

  test('a refusal leaves no key behind', async () => {
    vi.stubEnv('API_TOKEN', 'wrong')
    const { exitCode, messages } = await issue('--cn', 'a')
    expect(exitCode).toBe(1)
    expect(messages[0]).toContain('the shield refused')
    expect(readdirSync(directory)).toEqual([])
  })

  test.each([
    ['../../etc/passwd', 'etc_passwd.cert.pem'],
    ['.hidden', 'hidden.cert.pem'],
    ['a/b\\c:d', 'a_b_c_d.cert.pem'],
    ['///', 'client.cert.pem'],
    ['Gerät 温', 'Gerät_温.cert.pem'],
    ['x'.repeat(200), `${'x'.repeat(80)}.cert.pem`],
  ])('the name %j stays in the directory, as %s', async (name, expected) => {
    expect(await issue('--cn', name)).toMatchObject({ exitCode: 0 })
    expect(existsSync(join(directory, expected))).toBe(true)
  })
})

describe('cert list', () => {
  test('all, by status, and those that expire soon with exit 1', async () => {
    const old = await issuedId('--cn', 'old', '--days', '1')
    const soon = await issuedId('--cn', 'soon', '--days', '20')
    const gone = await issuedId('--cn', 'gone', '--days', '10')
    await runCommand(['cert', 'revoke', gone])
    const ids = async (...words: readonly string[]) => {
      const { exitCode, rows } = await runCommand(['cert', 'list', ...words])
      return { exitCode, ids: (rows as { id: string }[]).map(({ id }) => id) }
    }
    expect((await ids()).ids).toEqual(expect.arrayContaining([old, soon, gone]))
    expect(await ids('--status', 'revoked')).toEqual({ exitCode: 0, ids: [gone] })
    const expiring = await ids('--expiring', '20')
    expect(expiring.exitCode).toBe(1)
    expect(expiring.ids).toEqual(expect.arrayContaining([old, soon]))
    expect(expiring.ids).not.toContain(gone)
    expect((await ids('--expiring', '19')).ids).not.toContain(soon)
    expect(await ids('--expiring', '0')).toMatchObject({ exitCode: 1, ids: [old] })
  })

  test.each([
    ['an unknown status', ['--status', 'lost'], /--status must be one of/],
    ['days that are no number', ['--expiring', 'soon'], /a number of days/],
    ['revoked ones that expire', ['--status', 'revoked', '--expiring', '3'], /about active/],
  ])('%s: exit 2', async (_name, words, message) => {
    const { exitCode, messages } = await runCommand(['cert', 'list', ...words])
    expect(exitCode).toBe(2)
    expect(messages[0]).toMatch(message)
  })
})

describe('cert revoke', () => {
  test('tells what was revoked', async () => {
    const id = await issuedId('--cn', 'lost phone')
    const { exitCode, rows, messages } = await runCommand(['cert', 'revoke', id])
    expect({ exitCode, rows, messages }).toMatchObject({
      exitCode: 0,
      rows: [{ id, status: 'revoked' }],
      messages: [`revoked lost phone (${id})`],
    })
  })

  test.each([
    { name: 'no id', words: [], exitCode: 2 },
    { name: 'two ids', words: ['a', 'b'], exitCode: 2 },
    { name: 'an id that is not there', words: ['a/../b'], exitCode: 1 },
  ])('$name: exit $exitCode', async ({ words, exitCode }) => {
    expect(await runCommand(['cert', 'revoke', ...words])).toMatchObject({ exitCode, rows: [] })
    expect(shield.calls.every((call) => !call.includes('/../'))).toBe(true)
  })
})

describe('cert reissue', () => {
  test('the same key, and the file of the old one is replaced', async () => {
    const id = await issuedId('--cn', 'sensor')
    const before = new X509Certificate(file('sensor.cert.pem'))
    const words = ['cert', 'reissue', id, '--days', '90', '--revoke-previous', '--out', directory]
    expect(await runCommand(words)).toMatchObject({ exitCode: 0, rows: [{ expires_in_days: 89 }] })
    const after = new X509Certificate(file('sensor.cert.pem'))
    expect(after.serialNumber).not.toBe(before.serialNumber)
    expect(after.checkPrivateKey(createPrivateKey(file('sensor.key.pem')))).toBe(true)
    expect(shield.calls.at(-1)).toBe(
      `POST /portcullis/client_certificates/${id}/reissue {"validity_days":90,"revoke_previous":true}`,
    )
    expect(readdirSync(directory).toSorted()).toEqual(['sensor.cert.pem', 'sensor.key.pem'])
  })

  test('nowhere to be found: exit 1', async () => {
    expect(await runCommand(['cert', 'reissue', 'nobody', '--out', directory])).toMatchObject({
      exitCode: 1,
      rows: [],
    })
  })
})

/** Null without the program. */
function opensslOutput(commandLine: readonly string[]): string | null {
  try {
    const program = ['-c', 'openssl "$@" 2>&1', 'sh', ...commandLine]
    return execFileSync('sh', program, { encoding: 'utf8' })
  } catch {
    return null
  }
}
