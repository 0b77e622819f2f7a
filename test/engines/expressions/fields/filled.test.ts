/** The table of fields says which ones have a value; here it is held against what fills them. */
import { FIELDS } from '#engines/expressions'
import { SESSION_FIELDS, SESSION_HISTORY_FIELDS } from '#engines/request-fields'
import { expect, test } from 'vitest'
import { ALWAYS_FILLED, SOMETIMES_FILLED } from '../../../../engines/expressions/fields/filled.ts'
import { API_FIELDS } from '../../../../engines/request-fields/api.ts'
import { CLIENT_FIELDS } from '../../../../engines/request-fields/client.ts'
import { REQUEST_FIELDS } from '../../../../engines/request-fields/request.ts'
import { TLS_FIELDS } from '../../../../engines/request-fields/tls.ts'
import { createDetectorChoice } from '../../../../worker/gateway/detectors/index.ts'

const detectorsFor = createDetectorChoice({ tokenIds: ['a'], sessionTokenIds: ['a'] })

test('a field is said to be filled exactly when something fills it', () => {
  const filling = [
    ...Object.keys({ ...API_FIELDS, ...CLIENT_FIELDS, ...REQUEST_FIELDS, ...TLS_FIELDS }),
    ...detectorsFor(FIELDS.map(({ name }) => ({ field: name }))).flatMap(({ fills }) => fills),
    ...SESSION_FIELDS,
    ...SESSION_HISTORY_FIELDS,
  ]
  const filled = FIELDS.filter((row) => row.filled !== 'never').map(({ name }) => name)
  expect(new Set(filled)).toEqual(new Set(filling))
})

test('every name in the table is a field, and in one set only', () => {
  const names = new Set(FIELDS.map(({ name }) => name))
  expect([...ALWAYS_FILLED, ...SOMETIMES_FILLED].filter((name) => !names.has(name))).toEqual([])
  expect([...ALWAYS_FILLED].filter((name) => SOMETIMES_FILLED.has(name))).toEqual([])
})
