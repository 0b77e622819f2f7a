import { describe, expect, test } from 'vitest'
import { hostWithoutPort, parseHostPattern, pathLimits } from '#engines/paths'

describe('parseHostPattern gives every host one spelling', () => {
  test.each([
    ['Example.COM', 'example.com'],
    ['api.example.com:8443', 'api.example.com'],
    ['example.com.', 'example.com'],
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '[::1]'],
    ['[0:0:0:0:0:0:0:1]:8443', '[::1]'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['{hostVar1}.example.com', '{hostVar1}.example.com'],
    ['foo.{region}.example.com', 'foo.{hostVar1}.example.com'],
    ['{hostVar2}.{hostVar1}.example.com', '{hostVar2}.{hostVar1}.example.com'],
    ['{a}.{b}.example.com', '{hostVar2}.{hostVar1}.example.com'],
  ])('%s', (written, host) => {
    expect(parseHostPattern(written)).toEqual({ ok: true, value: host })
  })
})

describe('parseHostPattern refuses', () => {
  test.each([
    ['', { reason: 'empty' }],
    ['foo-{hostVar1}.example.com', { reason: 'partial_label_variable', label: 'foo-{hostVar1}' }],
    ['{}.example.com', { reason: 'partial_label_variable', label: '{}' }],
    ['{a}.{b}', { reason: 'only_variables' }],
    ['a..b', { reason: 'bad_label', label: '' }],
    ['-a.example.com', { reason: 'bad_label', label: '-a' }],
    ['a b.example.com', { reason: 'bad_label', label: 'a b' }],
    ['*.example.com', { reason: 'bad_label', label: '*' }],
    ['example.com/path', { reason: 'bad_label', label: 'com/path' }],
    ['user@example.com', { reason: 'bad_label', label: 'user@example' }],
    ['example.com:http', { reason: 'bad_port', port: 'http' }],
    ['[::g]', { reason: 'bad_ipv6' }],
    ['[::1', { reason: 'bad_ipv6' }],
  ])('%s', (written, error) => {
    expect(parseHostPattern(written)).toEqual({ ok: false, error })
  })

  test('a label of 64 letters and a host of 254 characters, but not one less', () => {
    expect(parseHostPattern('a'.repeat(63)).ok).toBe(true)
    expect(parseHostPattern('a'.repeat(64)).ok).toBe(false)
    const long = `${'a.'.repeat(pathLimits.hostCharsMax)}a`
    expect(parseHostPattern(long.slice(-pathLimits.hostCharsMax)).ok).toBe(true)
    expect(parseHostPattern(long.slice(-pathLimits.hostCharsMax - 2))).toMatchObject({
      error: { reason: 'too_long' },
    })
  })
})

describe('hostWithoutPort reads a Host header and never fails', () => {
  test.each([
    ['API.example.com:8787', 'api.example.com'],
    ['api.example.com.', 'api.example.com'],
    ['api.example.com.:443', 'api.example.com'],
    ['[::1]:8787', '[::1]'],
    ['[0:0::1]', '[::1]'],
    ['[nonsense', '[nonsense'],
    ['', ''],
  ])('%s', (header, host) => {
    expect(hostWithoutPort(header)).toBe(host)
  })
})
