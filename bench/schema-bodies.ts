/**
 * A schema and bodies such as shops exchange: nested objects, lists, formats, enums, a pattern, one recursive part and one
 * with alternatives. The body's size is told by its number of lines.
 */

const money = {
  type: 'object',
  required: ['amount', 'currency'],
  properties: {
    amount: { type: 'string', pattern: String.raw`^-?\d+\.\d{2}$` },
    currency: { type: 'string', enum: ['EUR', 'USD', 'GBP', 'CHF', 'JPY'] },
  },
  additionalProperties: false,
}

const address = {
  type: 'object',
  required: ['name', 'street', 'city', 'country'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    street: { type: 'string', maxLength: 200 },
    city: { type: 'string', maxLength: 100 },
    postal_code: { type: 'string', maxLength: 12 },
    country: { type: 'string', minLength: 2, maxLength: 2 },
    phone: { type: ['string', 'null'] },
  },
}

const line = {
  type: 'object',
  required: ['sku', 'quantity', 'unit_price'],
  properties: {
    sku: { type: 'string', minLength: 3, maxLength: 40 },
    title: { type: 'string', maxLength: 300 },
    quantity: { type: 'integer', minimum: 1, maximum: 10_000 },
    unit_price: { $ref: '#/$defs/money' },
    is_gift: { type: 'boolean' },
    weight_grams: { type: 'number', minimum: 0 },
    tags: { type: 'array', maxItems: 20, items: { type: 'string' } },
    discount: {
      oneOf: [
        { type: 'null' },
        { type: 'object', required: ['percent'], properties: { percent: { type: 'number' } } },
      ],
    },
  },
}

const note = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    replies: { type: 'array', items: { $ref: '#/$defs/note' } },
  },
}

/** JSON Schema 2020-12, as `compileProfile` writes it: the shared schemas, and the one of the body. */
export const orderSchemas = {
  shared: { money, address, line, note },
  body: {
    type: 'object',
    required: ['id', 'created_at', 'customer', 'lines', 'total'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      created_at: { type: 'string', format: 'date-time' },
      status: { enum: ['new', 'paid', 'sent', 'done'] },
      customer: {
        type: 'object',
        required: ['email'],
        properties: {
          email: { type: 'string', maxLength: 200 },
          billing: { $ref: '#/$defs/address' },
          shipping: { $ref: '#/$defs/address' },
        },
      },
      lines: { type: 'array', minItems: 1, maxItems: 1000, items: { $ref: '#/$defs/line' } },
      total: { $ref: '#/$defs/money' },
      note: { $ref: '#/$defs/note' },
      metadata: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
} as const

/** The JSON of an order with that many lines: about 1.1 KB and 160 bytes for each. */
export function orderText(lines: number): string {
  return JSON.stringify({
    id: '8a6e0804-2bd0-4672-b79d-d97027f9071a',
    created_at: '2026-11-22T12:34:56.789Z',
    status: 'paid',
    customer: { email: 'ada@example.com', billing: somewhere('Ada'), shipping: somewhere('Lou') },
    lines: Array.from({ length: lines }, (_, index) => lineOf(index)),
    total: { amount: '1234.50', currency: 'EUR' },
    note: { text: 'Please ring twice', replies: [{ text: 'We will', replies: [] }] },
    metadata: { channel: 'app', campaign: 'autumn', device: 'phone' },
  })
}

function somewhere(name: string): object {
  return {
    name,
    street: '12 St James Square',
    city: 'London',
    postal_code: 'SW1Y 4JH',
    country: 'GB',
    phone: null,
  }
}

function lineOf(index: number): object {
  return {
    sku: `SKU-${1000 + index}`,
    title: `A thing of kind ${index}`,
    quantity: 1 + (index % 9),
    unit_price: { amount: `${index}.99`, currency: 'EUR' },
    is_gift: index % 3 === 0,
    weight_grams: 120.5 + index,
    tags: ['new', 'sale'],
    discount: index % 2 === 0 ? null : { percent: 10 },
  }
}

/** The text of an OpenAPI document with so many operations, each with parameters and a body of its own. */
export function largeDocument(operations: number): string {
  const paths = Array.from({ length: operations / 2 }, (_, index) => [
    `/shops/{shop}/resources-${index}/{id}`,
    {
      parameters: ['shop', 'id'].map((name) => ({ $ref: `#/components/parameters/${name}` })),
      get: operationOf(index, null),
      put: operationOf(index, {
        required: true,
        content: { 'application/json': { schema: { $ref: `#/components/schemas/Order${index}` } } },
      }),
    },
  ])
  const schemas = Array.from({ length: operations / 2 }, (_, index) => [
    `Order${index}`,
    { ...orderSchemas.body, description: `What a shop of kind ${index} sells.` },
  ])
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Shops', version: '1' },
    servers: [{ url: 'https://api.example.com/v1' }],
    paths: Object.fromEntries(paths),
    components: {
      parameters: { shop: pathParameter('shop'), id: pathParameter('id') },
      schemas: Object.fromEntries([...schemas, ...Object.entries(orderSchemas.shared)]),
    },
  }).replaceAll('"#/$defs/', '"#/components/schemas/')
}

function pathParameter(name: string): object {
  return { name, in: 'path', required: true, schema: { type: 'string', maxLength: 64 } }
}

function operationOf(index: number, requestBody: object | null): object {
  return {
    operationId: `${requestBody === null ? 'read' : 'write'}${index}`,
    description:
      'A description as long as such descriptions are, with a word on what may go wrong. '.repeat(
        4,
      ),
    parameters: [
      { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
      { name: 'after', in: 'query', schema: { type: 'string', format: 'uuid' } },
    ],
    ...(requestBody === null ? {} : { requestBody }),
    responses: { 200: { description: 'fine' }, 404: { description: 'not there' } },
  }
}
