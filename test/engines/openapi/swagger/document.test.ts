import { describe, expect, test } from 'vitest'
import { compileProfile, extractOperations, readDocument } from '#engines/openapi'
import { createValidator } from '#engines/openapi/validate'
import { convertSwagger, isSwagger } from '../../../../engines/openapi/swagger/document.ts'
import { accepted } from '../documents.ts'

const petStore = `
swagger: "2.0"
info: {title: Pets, version: "1"}
host: pets.example.com
basePath: /v2
schemes: [http, https, wss]
consumes: [application/json]
produces: [application/json, application/hal+json]
securityDefinitions: {key: {type: apiKey, name: k, in: header}}
x-portcullis-mitigation-action: block
parameters:
  limit: {name: limit, in: query, type: integer, maximum: 100}
  pet: {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
responses:
  gone: {description: gone, schema: {$ref: '#/definitions/Pet'}, headers: {X-Left: {type: integer}}}
definitions:
  Pet:
    type: object
    required: [name]
    discriminator: name
    properties:
      name: {type: string}
      tag: {type: string, x-nullable: true}
      parent: {$ref: '#/definitions/Pet'}
paths:
  /pets:
    parameters: [{$ref: '#/parameters/limit'}]
    get:
      security: [{key: []}]
      parameters:
        - {name: tags, in: query, type: array, items: {type: string, enum: [a, b]}, collectionFormat: multi}
        - {name: ids, in: query, type: array, items: {type: integer}}
        - {name: bars, in: query, type: array, items: {type: integer}, collectionFormat: pipes}
      responses: {default: {$ref: '#/responses/gone'}}
    post:
      parameters: [{$ref: '#/parameters/pet'}]
      responses: {200: {description: ok}}
  /pets/{id}/photo:
    parameters: [{name: id, in: path, required: true, type: string, format: uuid}]
    put:
      consumes: [multipart/form-data]
      parameters:
        - {name: file, in: formData, type: file, required: true}
        - {name: words, in: formData, type: array, items: {type: string}, collectionFormat: ssv}
      responses: {200: {description: ok}}
    post:
      parameters: [{name: note, in: formData, type: string, maxLength: 3}]
      responses: {200: {description: ok}}
`

describe('Swagger 2.0', () => {
  const document = accepted(petStore)

  test('is accepted with a warning, its mitigation action and its references', () => {
    expect(document).toMatchObject({
      version: '3.0',
      title: 'Pets',
      mitigation_action: 'block',
      warnings: [{ code: 'swagger_converted', locations: ['$.swagger'] }],
    })
  })

  test('host, base path and schemes become the operations', () => {
    expect(extractOperations(document).operations).toMatchObject([
      { method: 'GET', host: 'pets.example.com', endpoint: '/v2/pets' },
      { method: 'POST', host: 'pets.example.com', endpoint: '/v2/pets' },
      { method: 'PUT', endpoint: '/v2/pets/{var1}/photo' },
      { method: 'POST', endpoint: '/v2/pets/{var1}/photo' },
    ])
  })

  test.each([
    ['schemes', 'https only without any', { host: 'a' }, [{ url: 'https://a' }]],
    ['basePath', 'a relative server without a host', { basePath: '/v1' }, [{ url: '/v1' }]],
    ['neither', 'no server', {}, []],
  ])('%s: %s', (_name, _says, members, servers) => {
    expect(convertSwagger({ swagger: '2.0', ...members })).toMatchObject({ servers })
  })

  test.each([
    ['2.0', true],
    ['2', true],
    [2, true],
    ['1.2', false],
    [undefined, false],
  ])('version %j', (swagger, is) => {
    expect(isSwagger({ swagger })).toBe(is)
  })

  test('parameters keep their place, and what they say of the value is a schema', () => {
    const operation = document.operations.find(({ key }) => key === 'GET /pets')
    expect(operation?.parameters.map(({ parameter }) => parameter)).toEqual([
      { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
      {
        name: 'tags',
        in: 'query',
        style: 'form',
        explode: true,
        schema: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      },
      {
        name: 'ids',
        in: 'query',
        explode: false,
        schema: { type: 'array', items: { type: 'integer' } },
      },
      {
        name: 'bars',
        in: 'query',
        style: 'pipeDelimited',
        explode: false,
        schema: { type: 'array', items: { type: 'integer' } },
      },
    ])
  })

  test('a form becomes a body, a list in it an encoding, a file a binary string', () => {
    const operation = document.operations.find(({ key }) => key === 'PUT /pets/{id}/photo')
    expect(operation?.operation['requestBody']).toEqual({
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file'],
            properties: {
              file: { type: 'string', format: 'binary' },
              words: { type: 'array', items: { type: 'string' } },
            },
          },
          encoding: { words: { style: 'spaceDelimited', explode: false } },
        },
      },
    })
    const form = document.operations.find(({ key }) => key === 'POST /pets/{id}/photo')
    expect(form?.operation['requestBody']).toMatchObject({
      required: false,
      content: { 'application/x-www-form-urlencoded': {} },
    })
  })

  test('responses have their schema under each media type', () => {
    expect(document.root).toMatchObject({
      components: {
        responses: {
          gone: {
            description: 'gone',
            headers: { 'X-Left': { schema: { type: 'integer' } } },
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Pet' } },
              'application/hal+json': {},
            },
          },
        },
      },
    })
  })

  test.each([
    ['{"name":"Rex","tag":null,"parent":{"name":"Max"}}', []],
    ['{"parent":{}}', ['$.name', '$.parent.name']],
    ['{"name":1}', ['$.name']],
  ])('the body %s', (json, targets) => {
    const { profile } = compileProfile(document)
    const result = createValidator(profile, 'POST /pets')?.validate({
      variables: [],
      query: '',
      header: () => null,
      cookie: null,
      contentType: 'application/json',
      body: { kind: 'bytes', bytes: new TextEncoder().encode(json) },
    })
    expect(result?.violations.map(({ target }) => target)).toEqual(targets)
  })

  test.each([
    'swagger: "2.0"',
    'swagger: "2.0"\ninfo: 1\npaths: []',
    'swagger: "2.0"\ninfo: {title: T, version: "1"}\npaths: {/a: {get: 1}}',
    'swagger: "2.0"\ninfo: {title: T, version: "1"}\npaths: {/a: {get: {parameters: [1, null], responses: 3}}}',
    'swagger: "2.0"\ninfo: {title: T, version: "1"}\npaths: {}\ndefinitions: {A: {properties: 3, items: 4}}',
  ])('what is wrong is found where it has gone: %j', (text) => {
    expect(readDocument(text).ok).toBe(false)
  })
})
