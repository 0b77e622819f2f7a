/** Ways to damage a request that conforms, each of which its operation's own schemas forbid. */
import { flat, isJson, type Json, list, resolve } from './flat-schema.ts'
import type { MadeRequest, Operation } from './make-request.ts'

export type Damaged = MadeRequest & {
  /** What was done, and to which parameter or member. */
  readonly damage: string
}

export function damaged(root: Json, operation: Operation, made: MadeRequest): readonly Damaged[] {
  const parameters = [
    ...list(operation.item['parameters']),
    ...list(operation.operation['parameters']),
  ]
    .map((each) => resolve(root, each))
    .filter((each) => each['in'] === 'query' && isJson(each['schema']))
  return [
    ...parameters.flatMap((parameter) => damagedQuery(root, parameter, made)),
    ...damagedBody(root, operation, made),
  ]
}

function damagedQuery(root: Json, parameter: Json, made: MadeRequest): readonly Damaged[] {
  const name = String(parameter['name'])
  const schema = flat(root, parameter['schema'], 0)
  const [path = '', query = ''] = made.target.split('?')
  const others = query.split('&').filter((pair) => {
    const key = decodeURIComponent(pair.split('=')[0] ?? '')
    return key !== name && !key.startsWith(`${name}[`)
  })
  const sent = (damage: string, more: readonly string[]): Damaged => ({
    ...made,
    target: `${path}?${[...others, ...more].join('&')}`,
    damage: `${damage} ${name}`,
  })
  const ofItems = flat(root, schema['items'], 0)['type']
  const isNumeric = ['integer', 'number', 'boolean'].some((type) => type === schema['type'])
  const isNumericList =
    schema['type'] === 'array' && (ofItems === 'integer' || ofItems === 'number')
  return [
    // An object without members is not seen in a query.
    ...(parameter['required'] === true && schema['type'] !== 'object' ? [sent('without', [])] : []),
    ...(isNumeric || isNumericList ? [sent('a text for', [`${name}=x`])] : []),
    ...(schema['type'] === 'string' && schema['enum'] !== undefined
      ? [sent('none of the values of', [`${name}=nonsense!`])]
      : []),
  ]
}

function damagedBody(root: Json, { operation }: Operation, made: MadeRequest): readonly Damaged[] {
  const type = made.headers['content-type'] ?? ''
  if (made.body === null || !type.includes('json')) return []
  const content = resolve(root, operation['requestBody'])['content']
  const mediaType = isJson(content) ? content[type] : undefined
  const value: unknown = JSON.parse(made.body)
  if (!isJson(mediaType) || !isJson(value)) return []
  const schema = flat(root, mediaType['schema'], 0)
  const sent = (damage: string, body: Json): Damaged => ({
    ...made,
    body: JSON.stringify(body),
    damage,
  })
  const properties = Object.entries(isJson(schema['properties']) ? schema['properties'] : {})
  return [
    ...list(schema['required'])
      .filter((name) => typeof name === 'string' && Object.hasOwn(value, name))
      .map((name) =>
        sent(
          `without member ${String(name)}`,
          Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)),
        ),
      ),
    ...properties
      .filter(([, each]) =>
        /^(?:integer|boolean|string)$/.test(String(flat(root, each, 0)['type'])),
      )
      .map(([name]) => sent(`an object for member ${name}`, { ...value, [name]: { x: 1 } })),
  ]
}
