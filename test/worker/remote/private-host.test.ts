import { expect, test } from 'vitest'
import { isPrivateHost } from '../../../worker/remote/private-host.ts'

/** As a URL prints it, which undoes octal, hexadecimal, short and full-width spellings. */
const hostOf = (host: string): string => new URL(`https://${host}/`).hostname

test.each([
  '127.0.0.1',
  '127.1',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '１２７.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::7f00:1]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[2001::7f00:1]',
  '[2002:7f00:1::]',
  'localhost',
  'LOCALHOST.',
  'metadata',
  'a.localhost',
  'printer.local',
  'metadata.google.internal',
  'router.home.arpa',
])('%s is private', (host) => {
  expect(isPrivateHost(hostOf(host))).toBe(true)
})

test.each([
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '223.255.255.255',
  '[2606:4700::1111]',
  '[2a00:1450:4001::1]',
  'example.com',
  'keys.localhost.example',
  'internal.example.com',
])('%s is public', (host) => {
  expect(isPrivateHost(hostOf(host))).toBe(false)
})
