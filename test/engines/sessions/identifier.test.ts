import { describe, expect, test } from 'vitest'
import { identifySession, type SessionCharacteristic } from '#engines/sessions'

const CHARACTERISTICS: readonly SessionCharacteristic[] = [
  { type: 'jwt', name: 'c:$.sub' },
  { type: 'header', name: 'Authorization' },
  { type: 'cookie', name: 'Session' },
]

type Request = { readonly header?: string; readonly cookie?: string; readonly claim?: string }

function identify({ header, cookie, claim }: Request) {
  return identifySession(CHARACTERISTICS, {
    header: (name) => (name === 'authorization' ? (header ?? null) : null),
    cookie: (name) => (name === 'Session' ? (cookie ?? null) : null),
    claim: (name) => (name === 'c:$.sub' ? (claim ?? null) : null),
  })
}

describe('a session is identified', () => {
  test.each([
    {
      name: 'by the first identifier in the configured order',
      request: { header: 'h', cookie: 'c', claim: 'j' },
      value: 'j',
    },
    {
      name: 'by the next when the first is absent',
      request: { header: 'h', cookie: 'c' },
      value: 'h',
    },
    {
      name: 'by the next when the first is empty',
      request: { claim: '', header: '', cookie: 'c' },
      value: 'c',
    },
    { name: 'by none when all are absent', request: {}, value: undefined },
    { name: 'below the bound', request: { header: 'h'.repeat(65_535) }, value: 'h'.repeat(65_535) },
    { name: 'at the bound', request: { header: 'h'.repeat(65_536) }, value: 'h'.repeat(65_536) },
    { name: 'not above it', request: { header: 'h'.repeat(65_537) }, value: undefined },
  ])('$name', ({ request, value }) => {
    expect(identify(request)?.value).toBe(value)
  })
})
