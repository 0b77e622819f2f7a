/** Short documents for the tests. */
import { readDocument, type ReadDocument } from '#engines/openapi'

export function accepted(text: string): ReadDocument {
  const document = readDocument(text)
  if (!document.ok) throw new Error(document.error.issues[0].message)
  return document.value
}

/** A document with the given paths and components, as an object. */
export function withPaths(paths: object, components: object = {}, openapi = '3.1.0'): ReadDocument {
  const servers = [{ url: 'https://api.example.com' }]
  const info = { title: 'Test', version: '1' }
  return accepted(JSON.stringify({ openapi, info, servers, paths, components }))
}

export const responses = { 200: { description: 'fine' } }

/** One operation `POST /things` that takes a JSON body of this schema. */
export function withBody(
  schema: unknown,
  components: object = {},
  openapi = '3.1.0',
): ReadDocument {
  const requestBody = { required: true, content: { 'application/json': { schema } } }
  return withPaths({ '/things': { post: { requestBody, responses } } }, components, openapi)
}
