import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadServerCertificate } from '../../edge/server-certificate.ts'
import { makeTemporaryDirectory } from '../support/edge.ts'

const DAY_MS = 86_400_000
const nowMs = Date.UTC(2026, 10, 22)

test('names the loopback addresses and the given hosts', async () => {
  const made = await loadServerCertificate({
    stateDir: makeTemporaryDirectory(),
    hostnames: ['shield.test'],
    nowMs,
  })
  const certificate = new X509Certificate(made.certificate)
  expect(['localhost', 'shield.test'].map((host) => certificate.checkHost(host))).toEqual([
    'localhost',
    'shield.test',
  ])
  expect(['127.0.0.1', '::1'].every((address) => certificate.checkIP(address) === address)).toBe(
    true,
  )
})

test.each([
  { name: 'the same day', days: 0, isKept: true },
  { name: 'a day before renewal is due', days: 366, isKept: true },
  { name: '30 days before it expires', days: 367, isKept: false },
  { name: 'a day before it is valid', days: -1, isKept: false },
])('$name: kept is $isKept', async ({ days, isKept }) => {
  const stateDir = makeTemporaryDirectory()
  const first = await loadServerCertificate({ stateDir, hostnames: [], nowMs })
  const second = await loadServerCertificate({
    stateDir,
    hostnames: [],
    nowMs: nowMs + days * DAY_MS,
  })
  expect(second.certificate === first.certificate).toBe(isKept)
  expect(readFileSync(join(stateDir, 'server.crt'), 'utf8')).toBe(second.certificate)
})

test.each([
  { name: 'lacks a host', hostnames: ['other.test'], spoil: () => {} },
  {
    name: 'is cut short',
    hostnames: [],
    spoil: (directory: string) => writeFileSync(join(directory, 'server.crt'), '-----BEGIN'),
  },
  {
    name: 'has lost its key',
    hostnames: [],
    spoil: (directory: string) => writeFileSync(join(directory, 'server.key'), 'no key'),
  },
])('is made anew when it $name', async ({ hostnames, spoil }) => {
  const stateDir = makeTemporaryDirectory()
  const first = await loadServerCertificate({ stateDir, hostnames: [], nowMs })
  spoil(stateDir)
  const second = await loadServerCertificate({ stateDir, hostnames, nowMs })
  expect(second.certificate).not.toBe(first.certificate)
  expect(new X509Certificate(second.certificate).checkHost('localhost')).toBe('localhost')
})
