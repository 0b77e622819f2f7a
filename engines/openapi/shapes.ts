/**
 * The objects of OpenAPI 3.0.x and 3.1.x as tables: which members each has and what they hold.
 *
 * Promises the structure of the official schemas (spec.openapis.org/oas/3.0/schema and 3.1/schema);
 * schemas are in `schema-shapes.ts`, rules that
 * join several members in `object-rules.ts`. Members named `x-…` are always allowed.
 */
import { schemaShapes } from './schema-shapes.ts'
import {
  any,
  boolean,
  text,
  uri,
  email,
  texts,
  oneOf,
  object,
  reference,
  map,
  list,
  shape,
  closed,
  withNames,
  type ObjectName,
  type ObjectShape,
  type OpenApiVersion,
} from './shape.ts'

const componentName = /^[\w.-]+$/
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

const header = {
  description: text,
  required: boolean,
  deprecated: boolean,
  allowEmptyValue: boolean,
  style: oneOf(
    'simple',
    'form',
    'matrix',
    'label',
    'deepObject',
    'spaceDelimited',
    'pipeDelimited',
  ),
  explode: boolean,
  allowReserved: boolean,
  schema: reference('schema'),
  content: map(object('mediaType')),
  example: any,
  examples: map(reference('example')),
}

const components = {
  schemas: map(reference('schema'), componentName),
  responses: map(reference('response'), componentName),
  parameters: map(reference('parameter'), componentName),
  examples: map(reference('example'), componentName),
  requestBodies: map(reference('requestBody'), componentName),
  headers: map(reference('header'), componentName),
  // Names with spaces are common here, and nothing refers to them by $ref.
  securitySchemes: map(reference('securityScheme')),
  links: map(reference('link'), componentName),
  callbacks: map(reference('callback'), componentName),
}

const root = {
  openapi: text,
  info: object('info'),
  servers: list(object('server')),
  paths: object('paths'),
  components: object('components'),
  security: list(map(texts)),
  tags: list(object('tag')),
  externalDocs: object('externalDocs'),
}

const operation = {
  tags: texts,
  summary: text,
  description: text,
  externalDocs: object('externalDocs'),
  operationId: text,
  parameters: list(reference('parameter')),
  requestBody: reference('requestBody'),
  responses: object('responses'),
  callbacks: map(reference('callback')),
  deprecated: boolean,
  security: list(map(texts)),
  servers: list(object('server')),
}

const flowUrls = { refreshUrl: uri, scopes: map(text), authorizationUrl: uri, tokenUrl: uri }
const info = {
  title: text,
  version: text,
  description: text,
  termsOfService: uri,
  contact: object('contact'),
  license: object('license'),
}

const common = {
  info: shape('title version', info),
  contact: shape('', { name: text, url: uri, email }),
  license: shape('name', { name: text, url: uri }),
  externalDocs: shape('url', { url: uri, description: text }),
  tag: shape('name', { name: text, description: text, externalDocs: object('externalDocs') }),
  server: shape('url', { url: text, description: text, variables: map(object('serverVariable')) }),
  // `default` is required, but often forgotten (then the server only gives no operation) or a bare port number.
  serverVariable: shape('', { enum: texts, default: any, description: text }),
  paths: withNames(/^\//, object('pathItem')),
  pathItem: closed(
    shape('', {
      $ref: text,
      summary: text,
      description: text,
      servers: list(object('server')),
      parameters: list(reference('parameter')),
      ...Object.fromEntries(methods.map((method) => [method, object('operation')])),
    }),
  ),
  parameter: shape('name in', {
    ...header,
    name: text,
    in: oneOf('path', 'query', 'header', 'cookie'),
  }),
  header: shape('', header),
  requestBody: shape('content', {
    description: text,
    content: map(object('mediaType')),
    required: boolean,
  }),
  mediaType: closed(
    shape('', {
      schema: reference('schema'),
      example: any,
      examples: map(reference('example')),
      encoding: map(object('encoding')),
    }),
  ),
  encoding: shape('', {
    contentType: text,
    headers: map(reference('header')),
    style: oneOf('form', 'spaceDelimited', 'pipeDelimited', 'deepObject'),
    explode: boolean,
    allowReserved: boolean,
  }),
  responses: {
    ...withNames(/^(?:default|[1-5](?:\d\d|XX))$/, reference('response')),
    unknown: 'noted',
  },
  response: closed(
    shape('description', {
      description: text,
      headers: map(reference('header')),
      content: map(object('mediaType')),
      links: map(reference('link')),
    }),
  ),
  callback: withNames(/^/, object('pathItem')),
  example: shape('', { summary: text, description: text, value: any, externalValue: uri }),
  link: shape('', {
    operationId: text,
    operationRef: text,
    parameters: map(any),
    requestBody: any,
    description: text,
    server: object('server'),
  }),
  securityScheme: shape('type', {
    type: oneOf('apiKey', 'http', 'oauth2', 'openIdConnect', 'mutualTLS'),
    description: text,
    name: text,
    in: oneOf('query', 'header', 'cookie'),
    scheme: text,
    bearerFormat: any,
    flows: object('oauthFlows'),
    openIdConnectUrl: uri,
  }),
  oauthFlows: shape('', {
    implicit: object('oauthFlow'),
    password: object('oauthFlow'),
    clientCredentials: object('oauthFlow'),
    authorizationCode: object('oauthFlow'),
  }),
  oauthFlow: shape('scopes', flowUrls),
  discriminator: shape('propertyName', { propertyName: text, mapping: map(text) }),
  xml: shape('', {
    name: text,
    namespace: uri,
    prefix: text,
    attribute: boolean,
    wrapped: boolean,
  }),
} satisfies { readonly [Name in ObjectName]?: ObjectShape }

type Shapes = { readonly [Name in ObjectName]: ObjectShape }

/** The tables of one version. */
export const objectShapes: { readonly [Version in OpenApiVersion]: Shapes } = {
  '3.0': {
    ...common,
    document: shape('openapi info paths', root),
    components: shape('', components),
    operation: shape('responses', operation),
    schema: schemaShapes['3.0'],
  },
  '3.1': {
    ...common,
    info: shape('title version', { ...info, summary: text }),
    license: shape('name', { name: text, url: uri, identifier: text }),
    document: shape('openapi info', {
      ...root,
      jsonSchemaDialect: uri,
      webhooks: map(reference('pathItem')),
    }),
    components: shape('', {
      ...components,
      pathItems: map(reference('pathItem'), componentName),
    }),
    operation: shape('', operation),
    schema: schemaShapes['3.1'],
  },
}
