/** A response made from each operation's own schemas conforms. */
import { describe, expect, test } from 'vitest'
import { compileResponses, readDocument } from '#engines/openapi'
import { createResponseValidator, type ResponseValidator } from '#engines/openapi/validate'
import { operationsOf } from '../../../support/generated/make-request.ts'
import { type MadeResponse, makeResponses } from '../../../support/generated/make-response.ts'
import { hasTestdata, readRows, readTestdata } from '../testdata.ts'

/** Documents that contradict themselves: closed objects under allOf, alternatives that hold for the same value, enums of another type. */
const CONTRADICTIONS: { readonly [file: string]: RegExp } = {
  'shipengine.com': /(?:forbidden_value|one_of|date-time)$/,
  'discord.com': /(?:invalid_enum_variant|one_of)$/,
  'vercel.com': / 200 \$ one_of$/,
  'atlassian.com': /gadget 200 \$\.position missing_required_property$/,
}

/** Refused when it is read: a `$ref` that leads nowhere. */
const REFUSED = /^jumpseller/

const choicesMax = 6

const isPresent = hasTestdata('openapi-specs')

describe.skipIf(!isPresent)(
  'real documents (skipped without the testdata beside the repository)',
  () => {
    const rows = isPresent
      ? (readRows('openapi-specs/index.jsonl') as readonly { file: string }[])
      : []
    const files = rows.map(({ file }) => file).filter((file) => !REFUSED.test(file))

    test.each(files)('%s', (file) => {
      const known = CONTRADICTIONS[file.split('__')[0] ?? '']
      const departures = departuresIn(readTestdata(`openapi-specs/${file}`))
      expect(departures.filter((each) => known?.test(each) !== true)).toEqual([])
    })
  },
)

function departuresIn(source: string): readonly string[] {
  const document = readDocument(source)
  if (!document.ok) throw new Error(document.error.issues[0]?.message)
  const { root } = document.value
  const { profile } = compileResponses(document.value)
  const departures: string[] = []
  for (const { method, path, operation } of operationsOf(root)) {
    const validator = createResponseValidator(profile, `${method} ${path}`)
    if (validator === null) continue
    const made = (choice: number): readonly MadeResponse[] =>
      makeResponses({ root, isFull: false, choice }, operation)
    for (const [index, first] of made(0).entries()) {
      let found = verdict(validator, first)
      for (let choice = 1; choice < choicesMax && found !== ''; choice++) {
        const other = made(choice)[index]
        if (other !== undefined && verdict(validator, other) === '') found = ''
      }
      if (found !== '') departures.push(`${method} ${path} ${first.status} ${found}`)
    }
  }
  return departures
}

function verdict(validator: ResponseValidator, made: MadeResponse): string {
  const [violation] = validator.validate({
    status: made.status,
    header: (name) => made.headers[name.toLowerCase()] ?? null,
    contentType: made.contentType,
    body: { kind: 'bytes', bytes: new TextEncoder().encode(made.body) },
  })
  return violation === undefined ? '' : `${violation.target} ${violation.error_detail}`
}
