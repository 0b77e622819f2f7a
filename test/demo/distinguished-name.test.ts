import { expect, test } from 'vitest'
import { readOrganization } from '../../demo/distinguished-name.ts'

test.each([
  { name: 'CN=sensor,O=Acme', organization: 'Acme' },
  { name: 'O=Temperature Testers\\, Inc.,CN=sensor', organization: 'Temperature Testers, Inc.' },
  { name: 'O="Temperature Testers, Inc.",CN=sensor', organization: 'Temperature Testers, Inc.' },
  { name: 'O=Caf\\C3\\A9 \\+ Co,C=FR', organization: 'Café + Co' },
  { name: 'o = Acme ,CN=x', organization: 'Acme' },
  { name: 'CN=x+O=Acme', organization: 'Acme' },
  { name: '2.5.4.10=Acme', organization: 'Acme' },
  { name: 'CN=a\\,O=Forged,O=Acme', organization: 'Acme' },
  { name: 'CN="a,O=Forged",O=Acme', organization: 'Acme' },
  { name: 'OU=Acme,CN=O\\=Forged', organization: null },
  { name: 'O=,CN=x', organization: null },
  { name: 'O=#0C0141', organization: null },
  { name: '', organization: null },
])('$name is of $organization', ({ name, organization }) => {
  expect(readOrganization(name)).toBe(organization)
})
