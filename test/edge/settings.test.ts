import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from '../../edge/settings.ts'

test('an empty environment means the documented defaults', () => {
  const stateDir = join(process.cwd(), '.portcullis')
  const value = {
    httpPort: 8787,
    httpsPort: 8443,
    stateDir,
    allowsPrivateSources: false,
    seed: true,
  }
  const expected = { ok: true, value }
  expect(readSettings({})).toEqual(expected)
  expect(readSettings({ HTTP_PORT: '', ORIGIN_URL: '', SEED: '' })).toEqual(expected)
})

test('every variable is taken over', () => {
  const id = '0123456789abcdef'.repeat(2)
  const environment = {
    HTTP_PORT: '0',
    HTTPS_PORT: '0',
    STATE_DIR: '/tmp/state',
    ORIGIN_URL: 'https://origin.example',
    API_TOKEN: 'abcdefghijklmnop',
    ZONE_ID: id,
    ACCOUNT_ID: id,
    PRIVATE_SOURCES: 'allow',
    SEED: '0',
  }
  expect(readSettings(environment)).toEqual({
    ok: true,
    value: {
      httpPort: 0,
      httpsPort: 0,
      stateDir: '/tmp/state',
      originUrl: 'https://origin.example',
      apiToken: 'abcdefghijklmnop',
      zoneId: id,
      accountId: id,
      allowsPrivateSources: true,
      seed: false,
    },
  })
})

test.each([
  {
    name: 'a port above the highest',
    environment: { HTTP_PORT: '65536' },
    error: 'HTTP_PORT must be a port from 0 to 65535, it is "65536"',
  },
  {
    name: 'a port that is no number',
    environment: { HTTPS_PORT: '1e3' },
    error: 'HTTPS_PORT must be a port from 0 to 65535, it is "1e3"',
  },
  {
    name: 'one port for both',
    environment: { HTTP_PORT: '8443' },
    error: 'HTTP_PORT and HTTPS_PORT are both 8443: they need a port each',
  },
  {
    name: 'an origin that is no URL',
    environment: { ORIGIN_URL: 'origin' },
    error: 'ORIGIN_URL must be an http or https URL without user, path, query and fragment',
  },
  {
    name: 'an origin of another scheme',
    environment: { ORIGIN_URL: 'ftp://a' },
    error: 'ORIGIN_URL must be an http or https URL without user, path, query and fragment',
  },
  {
    name: 'a token one character too short',
    environment: { API_TOKEN: 'a'.repeat(15) },
    error: 'API_TOKEN must be 16 to 512 characters of A-Z a-z 0-9 . _ ~ + / -',
  },
  {
    name: 'a token one character too long',
    environment: { API_TOKEN: 'a'.repeat(513) },
    error: 'API_TOKEN must be 16 to 512 characters of A-Z a-z 0-9 . _ ~ + / -',
  },
  {
    name: 'a zone id that is none',
    environment: { ZONE_ID: 'zone' },
    error: 'ZONE_ID must be 32 hexadecimal digits',
  },
  {
    name: 'an account id that is none',
    environment: { ACCOUNT_ID: 'A'.repeat(32) },
    error: 'ACCOUNT_ID must be 32 hexadecimal digits',
  },
  {
    name: 'a seed that is neither',
    environment: { SEED: 'no' },
    error: 'SEED must be 0 or 1, it is "no"',
  },
])('refuses $name in one line', ({ environment, error }) => {
  expect(readSettings(environment)).toEqual({ ok: false, error })
})
