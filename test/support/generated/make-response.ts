/** Responses of an operation made from what the document says about them: one for each status and JSON type. */
import { isJson, type Json, resolve } from './flat-schema.ts'
import { makeValue, type Making } from './make-value.ts'
import { textOf } from './serialize.ts'

export type MadeResponse = {
  readonly status: number
  readonly contentType: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function makeResponses(making: Making, operation: Json): readonly MadeResponse[] {
  const responses = isJson(operation['responses']) ? operation['responses'] : {}
  return Object.entries(responses).flatMap(([status, written]) => {
    const response = resolve(making.root, written)
    const content = isJson(response['content']) ? response['content'] : {}
    if (!/^\d+$/.test(status)) return []
    return Object.entries(content)
      .filter(([contentType]) => contentType.includes('json'))
      .map(([contentType, mediaType]) => {
        const schema = isJson(mediaType) ? mediaType['schema'] : undefined
        const value = makeValue({ ...making, isJson: true, omits: 'writeOnly' }, schema)
        const body = JSON.stringify(value ?? null)
        return { status: Number(status), contentType, headers: headersOf(making, response), body }
      })
  })
}

function headersOf(making: Making, response: Json): MadeResponse['headers'] {
  const headers = Object.entries(isJson(response['headers']) ? response['headers'] : {})
  return Object.fromEntries(
    headers.map(([name, written]) => [
      name.toLowerCase(),
      textOf(makeValue(making, resolve(making.root, written)['schema']) ?? ''),
    ]),
  )
}
