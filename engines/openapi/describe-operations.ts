/** Saved operations → one OpenAPI 3.0 document a host, for tools that read OpenAPI and nothing else. */

type DescribedOperation = {
  readonly method: string
  readonly host: string
  readonly endpoint: string
}

type PathParameter = {
  readonly in: 'path'
  readonly name: string
  readonly required: true
  readonly schema: { readonly type: 'string' }
}

type OperationObject = {
  readonly parameters?: readonly PathParameter[]
  readonly responses: { readonly default: { readonly description: string } }
}

export type OperationsDocument = {
  readonly openapi: '3.0.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: { readonly [path: string]: { readonly [method: string]: OperationObject } }
}

/** In the order in which hosts and paths first appear. OpenAPI knows no CONNECT, so it is left out. */
export function describeOperations(
  operations: readonly DescribedOperation[],
): readonly OperationsDocument[] {
  const hosts = Map.groupBy(
    operations.filter(({ method }) => method !== 'CONNECT'),
    ({ host }) => host,
  )
  return [...hosts].map(([host, ofHost]) => {
    const paths = Map.groupBy(ofHost, ({ endpoint }) => endpoint)
    return {
      openapi: '3.0.0',
      info: { title: `Operations of ${host}`, version: '1' },
      servers: [{ url: `https://${host}` }],
      paths: Object.fromEntries(
        [...paths].map(([endpoint, ofPath]) => [
          endpoint,
          Object.fromEntries(
            ofPath.map(({ method }) => [method.toLowerCase(), operationObject(endpoint)]),
          ),
        ]),
      ),
    }
  })
}

function operationObject(endpoint: string): OperationObject {
  const names = Array.from(endpoint.matchAll(/\{([^}]+)\}/g), ([, name = '']) => name)
  const parameters = names.map((name): PathParameter => ({
    in: 'path',
    name,
    required: true,
    schema: { type: 'string' },
  }))
  const responses = { default: { description: 'Not described' } }
  return parameters.length === 0 ? { responses } : { parameters, responses }
}
