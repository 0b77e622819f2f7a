import { expect, test } from 'vitest'
import { readRequestUrl } from '../../edge/request-target.ts'

test.each([
  {
    name: 'a name',
    host: 'api.example.com',
    target: '/a?x=1',
    url: 'https://api.example.com/a?x=1',
  },
  {
    name: 'a name with a port',
    host: 'api.example.com:8443',
    target: '/',
    url: 'https://api.example.com:8443/',
  },
  {
    name: 'upper case, kept as sent',
    host: 'API.Example.com',
    target: '/',
    url: 'https://API.Example.com/',
  },
  { name: 'an IPv6 address', host: '[::1]:8443', target: '/', url: 'https://[::1]:8443/' },
  {
    name: 'two slashes',
    host: 'a.example',
    target: '//evil.example/x',
    url: 'https://a.example//evil.example/x',
  },
  {
    name: 'absolute form of the same host',
    host: 'a.example:1',
    target: 'HTTP://A.example:1/p?q',
    url: 'https://a.example:1/p?q',
  },
  {
    name: 'absolute form without a path',
    host: 'a.example',
    target: 'https://a.example?q',
    url: 'https://a.example/?q',
  },
  {
    name: 'the highest port',
    host: 'a.example:65535',
    target: '/',
    url: 'https://a.example:65535/',
  },
])('accepts $name', ({ host, target, url }) => {
  expect(
    readRequestUrl({ scheme: 'https', target, rawHeaders: ['Accept', '*/*', 'hOsT', host] }),
  ).toEqual({ ok: true, value: url })
})

test.each([
  { name: 'no Host', rawHeaders: [] },
  { name: 'two Hosts', rawHeaders: ['Host', 'a.example', 'host', 'a.example'] },
  { name: 'an empty Host', rawHeaders: ['Host', ''] },
  { name: 'a space', rawHeaders: ['Host', 'a b'] },
  { name: 'a user', rawHeaders: ['Host', 'user@a.example'] },
  { name: 'a path', rawHeaders: ['Host', 'a.example/x'] },
  { name: 'a list', rawHeaders: ['Host', 'a.example, b.example'] },
  { name: 'a port above the highest', rawHeaders: ['Host', 'a.example:65536'] },
  { name: 'a broken IPv6 address', rawHeaders: ['Host', '[:::1]'] },
  { name: 'an impossible IPv4 address', rawHeaders: ['Host', '1.2.3.999'] },
])('refuses a Host that is $name', ({ rawHeaders }) => {
  expect(readRequestUrl({ scheme: 'http', target: '/', rawHeaders })).toEqual({
    ok: false,
    error: 'invalid_host',
  })
})

test.each([
  { name: 'an asterisk', target: '*' },
  { name: 'nothing', target: '' },
  { name: 'an authority', target: 'a.example:443' },
  { name: 'another host', target: 'http://b.example/' },
  { name: 'the same host with a user', target: 'http://u@a.example/' },
  { name: 'another scheme', target: 'ftp://a.example/' },
])('refuses a target that is $name', ({ target }) => {
  expect(readRequestUrl({ scheme: 'http', target, rawHeaders: ['Host', 'a.example'] })).toEqual({
    ok: false,
    error: 'invalid_target',
  })
})
