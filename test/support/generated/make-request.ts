/** A request to an operation of a document, made from the operation's own schemas and nothing else. */
import { isJson, type Json, list, resolve } from './flat-schema.ts'
import { makeValue, type Making } from './make-value.ts'
import { serialized, serializedPairs, textOf } from './serialize.ts'

export type MadeRequest = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string | null
}

export type Operation = {
  readonly method: string
  readonly path: string
  readonly item: Json
  readonly operation: Json
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

export function operationsOf(root: Json): readonly Operation[] {
  return Object.entries(isJson(root['paths']) ? root['paths'] : {}).flatMap(([path, written]) => {
    const item = resolve(root, written)
    return METHODS.flatMap((method) => {
      const operation = item[method]
      return isJson(operation) ? [{ method: method.toUpperCase(), path, item, operation }] : []
    })
  })
}

/** One request for each media type of the body; what could not be made says so by its name. */
export function makeRequests(
  making: Making,
  operation: Operation,
): readonly (MadeRequest | { readonly notMade: string })[] {
  const parameters = new Map<string, Json>()
  for (const owner of [operation.item, operation.operation]) {
    for (const each of list(owner['parameters'])) {
      const parameter = resolve(making.root, each)
      parameters.set(`${String(parameter['in'])} ${String(parameter['name'])}`, parameter)
    }
  }
  const written = writeParameters(making, operation.path, [...parameters.values()])
  if (typeof written === 'string') return [{ notMade: written }]
  const requestBody = resolve(making.root, operation.operation['requestBody'])
  const declared = Object.entries(isJson(requestBody['content']) ? requestBody['content'] : {})
  const readable = declared.filter(([range]) => range.includes('/'))
  // Keys that are no media type say nothing about it.
  const contents: typeof declared =
    readable.length > 0 ? readable : declared.map(([, content]) => ['*/*', content])
  const isBare = contents.length === 0 || (!making.isFull && requestBody['required'] !== true)
  if (isBare) return [{ method: operation.method, ...written, body: null }]
  return contents.map(([range, content]) => {
    const made = makeBody(making, range, isJson(content) ? content : {})
    if (made === null) return { notMade: `body ${range}` }
    const headers = { ...written.headers, 'content-type': made.contentType }
    return { method: operation.method, target: written.target, headers, body: made.body }
  })
}

type Written = Pick<MadeRequest, 'target' | 'headers'>

function writeParameters(
  making: Making,
  path: string,
  parameters: readonly Json[],
): Written | string {
  let target = path.replace(/\?.*$/, '')
  const query: string[] = []
  const cookies: string[] = []
  const headers: Record<string, string> = {}
  for (const parameter of parameters) {
    const name = String(parameter['name'])
    const location = String(parameter['in'])
    if (parameter['required'] !== true && location !== 'path' && !making.isFull) continue
    // OpenAPI 3.0.4 §4.7.12.1: described elsewhere.
    if (location === 'header' && /^(?:accept|content-type|authorization)$/i.test(name)) continue
    const content = Object.values(isJson(parameter['content']) ? parameter['content'] : {})[0]
    const made = makeValue(making, isJson(content) ? content['schema'] : parameter['schema'])
    if (made === undefined) return `${location} ${name}`
    const value = content === undefined ? made : JSON.stringify(made)
    const usual = location === 'query' || location === 'cookie' ? 'form' : 'simple'
    const style = typeof parameter['style'] === 'string' ? parameter['style'] : usual
    const explode =
      parameter['explode'] === undefined ? style === 'form' : parameter['explode'] === true
    const how = { style, explode, name }
    if (location === 'path') {
      const text = serialized(value, how, encodeURIComponent)
      // An empty variable is no segment.
      target = target.replaceAll(`{${name}}`, () => text || 'a')
    } else if (location === 'query') query.push(...serializedPairs(value, how))
    else if (location === 'header') headers[name] = serialized(value, how, (text) => text)
    else cookies.push(...serializedPairs(value, how))
  }
  // Variables that nobody declares.
  target = target.replaceAll(/\{[^}]*\}/g, 'a')
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ')
  return { target: query.length > 0 ? `${target}?${query.join('&')}` : target, headers }
}

type MadeBody = { readonly contentType: string; readonly body: string }

function makeBody(making: Making, range: string, content: Json): MadeBody | null {
  const essence = (range.split(';')[0] ?? '').trim().toLowerCase()
  if (content['schema'] === undefined) {
    return { contentType: concrete(essence), body: essence.includes('json') ? '{}' : 'a' }
  }
  const isJsonBody = /json|\*/.test(essence)
  const value = makeValue({ ...making, isJson: isJsonBody }, content['schema'])
  if (value === undefined) return null
  const encoding = isJson(content['encoding']) ? content['encoding'] : {}
  if (essence === 'application/x-www-form-urlencoded') {
    return { contentType: essence, body: formOf(value, encoding) }
  }
  if (essence === 'multipart/form-data') {
    return { contentType: `${essence}; boundary=b0undary`, body: multipartOf(value, encoding) }
  }
  const isText = /^text\/|xml|octet-stream|image|pdf|zip|yaml|csv/.test(essence)
  const body = isText && !essence.includes('json') ? textOf(value) : JSON.stringify(value)
  return { contentType: concrete(essence), body: body === '' ? 'a' : body }
}

function concrete(essence: string): string {
  if (essence === 'text/*') return 'text/plain'
  return essence.replace('*/*', 'application/json').replace('/*+', '/a+').replace('/*', '/json')
}

function formOf(value: unknown, encoding: Json): string {
  const pairs = Object.entries(isJson(value) ? value : {}).flatMap(([name, member]) => {
    const own = isJson(encoding[name]) ? encoding[name] : {}
    const style = typeof own['style'] === 'string' ? own['style'] : 'form'
    const explode = own['explode'] === undefined ? style === 'form' : own['explode'] === true
    const isNested = isJson(member) && own['style'] === undefined
    return serializedPairs(isNested ? JSON.stringify(member) : member, { style, explode, name })
  })
  return pairs.join('&')
}

function multipartOf(value: unknown, encoding: Json): string {
  const parts = Object.entries(isJson(value) ? value : {}).flatMap(([name, member]) => {
    const own = isJson(encoding[name]) ? encoding[name] : {}
    const type =
      typeof own['contentType'] === 'string' ? own['contentType'].split(',')[0] : undefined
    const given = Array.isArray(member) ? member : [member]
    return given.map((one) => {
      const line = type === undefined ? '' : `Content-Type: ${type.trim().replace('*', 'x')}\r\n`
      return `--b0undary\r\nContent-Disposition: form-data; name="${name}"\r\n${line}\r\n${textOf(one)}\r\n`
    })
  })
  return `${parts.join('')}--b0undary--\r\n`
}
