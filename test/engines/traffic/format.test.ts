import { detectFormat } from '#engines/traffic'
import { expect, test } from 'vitest'

test.each([
  ['{"log":{"version":"1.2"', 'har'],
  ['\n{\n  "log" : {', 'har'],
  ['{"time_ms":1,"method":"GET"', 'jsonl'],
  ['{"logged":true,', 'jsonl'],
  ['192.0.2.1 - - [22/Nov/2026', 'access-log'],
  ['', 'access-log'],
])('%j is %s', (head, format) => {
  expect(detectFormat(head)).toBe(format)
})
