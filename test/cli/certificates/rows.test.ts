import { expect, test } from 'vitest'
import { calledBy } from '../../../cli/certificates/rows.ts'

const certificate = {
  id: '7',
  certificate: '',
  organization: null,
  status: 'active',
  issued_on: '2026-01-01T00:00:00Z',
  expires_on: '2027-01-01T00:00:00Z',
  fingerprint_sha256: '',
  serial_number: '1',
}

test.each([
  { commonName: 'sensor ü', called: 'sensor ü (7)' },
  { commonName: null, called: '7' },
  { commonName: '', called: '7' },
  { commonName: 'a\u001B[2Jb\nissued c', called: 'a\uFFFD[2Jb\uFFFDissued c (7)' },
  { commonName: 'a\u202Eb', called: 'a\uFFFDb (7)' },
])('$commonName is called $called', ({ commonName, called }) => {
  expect(calledBy({ ...certificate, common_name: commonName })).toBe(called)
})
