/**
 * The operations of a document with what they inherit: references resolved, parameters merged.
 *
 * Promises document order. An operation's own parameter replaces the path's of the same name and
 * location, and its servers replace the path's, which replace the document's.
 */
import {
  arrayMember,
  isObject,
  member,
  objectMember,
  stringMember,
  type JsonObject,
} from './json-value.ts'
import { dereference } from './references.ts'

/** One method of one path, as the document has it. */
export type DocumentOperation = {
  /** `GET /users/{id}`, the path as written; unique in the document. */
  readonly key: string
  readonly method: string
  readonly path: string
  readonly operation: JsonObject
  readonly parameters: readonly DocumentParameter[]
  readonly servers: readonly unknown[]
}

export type DocumentParameter = {
  readonly in: string
  readonly name: string
  readonly parameter: JsonObject
}

const noServers: readonly unknown[] = []
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Every operation under `paths`; webhooks and callbacks are requests to others. */
export function listOperations(root: JsonObject): readonly DocumentOperation[] {
  return Object.entries(objectMember(root, 'paths'))
    .filter(([path]) => path.startsWith('/'))
    .flatMap(([path, item]) => operationsOfPath(root, path, resolveItem(root, item)))
}

/** The parameters in a `parameters` list, in order, references resolved. */
export function listParameters(root: JsonObject, owner: unknown): readonly DocumentParameter[] {
  return arrayMember(owner, 'parameters').flatMap((entry) => {
    const parameter = dereference(root, entry)
    const name = stringMember(parameter, 'name')
    const location = stringMember(parameter, 'in')
    if (!isObject(parameter) || name === undefined || location === undefined) return []
    return [{ in: location, name, parameter }]
  })
}

/** Names are case-insensitive in headers (RFC 9110 §5.1) and nowhere else. */
export function parameterKey({ in: location, name }: DocumentParameter): string {
  return `${location} ${location === 'header' ? name.toLowerCase() : name}`
}

function resolveItem(root: JsonObject, item: unknown): JsonObject {
  const resolved = dereference(root, item)
  return isObject(resolved) ? resolved : {}
}

function operationsOfPath(
  root: JsonObject,
  path: string,
  item: JsonObject,
): readonly DocumentOperation[] {
  return methods.flatMap((name) => {
    const operation = member(item, name)
    if (!isObject(operation)) return []
    const method = name.toUpperCase()
    return [
      {
        key: `${method} ${path}`,
        method,
        path,
        operation,
        parameters: mergeParameters(listParameters(root, item), listParameters(root, operation)),
        servers:
          [operation, item, root].map((owner) => arrayMember(owner, 'servers')).find(isNotEmpty) ??
          noServers,
      },
    ]
  })
}

function mergeParameters(
  inherited: readonly DocumentParameter[],
  own: readonly DocumentParameter[],
): readonly DocumentParameter[] {
  const merged = new Map(inherited.map((each) => [parameterKey(each), each]))
  for (const each of own) merged.set(parameterKey(each), each)
  return [...merged.values()]
}

function isNotEmpty(list: readonly unknown[]): boolean {
  return list.length > 0
}
