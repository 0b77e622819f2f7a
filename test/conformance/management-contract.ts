/**
 * What Cloudflare's published description says about an answer: JSON Schemas of its OpenAPI document (2024-08, the newest
 * that is small enough to keep) for the paths it has, and of the SDK's types for the parts that these name.
 * The files are beside the repository, not in it; without them nothing is checked.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Schema, Validator } from '@cfworker/json-schema'
import type { TestContext } from 'vitest'

export type Exchange = {
  readonly method: string
  /** Below /client/v4. */
  readonly path: string
  readonly status: number
  readonly body: unknown
}

export type Contract = {
  /** `null` when the description has no such operation, else what is wrong with the answer. */
  check(exchange: Exchange): readonly string[] | null
  /** What is wrong with a value of one of the SDK's types, such as `Message.MessageItem`. */
  checkType(module: string, type: string, value: unknown): readonly string[]
}

const FOLDER = join(import.meta.dirname, '../../../shared/testdata/cloudflare-api')

/** Skips the test where the description is absent. */
export function requireContract(context: TestContext): Contract {
  return (
    loadContract() ??
    context.skip('the description of the API (../shared/testdata/cloudflare-api) is not here')
  )
}

/** `null` where the description is absent. */
export function loadContract(): Contract | null {
  const description = join(FOLDER, 'openapi-2024-08-subset.json')
  const types = join(FOLDER, 'sdk-contract.json')
  if (!existsSync(description) || !existsSync(types)) return null
  const openapi = JSON.parse(readFileSync(description, 'utf8'), asSchema) as Description
  const sdk = JSON.parse(readFileSync(types, 'utf8')) as {
    readonly schemas: { readonly [module: string]: { readonly [type: string]: Schema } }
  }
  return {
    check({ method, path, status, body }) {
      const template = Object.keys(openapi.paths).find((candidate) => matches(candidate, path))
      const responses = template && openapi.paths[template]?.[method.toLowerCase()]?.responses
      if (!responses) return null
      const schema = bodySchema(openapi, responses, status)
      return schema === null ? null : faults({ ...schema, components: openapi.components }, body)
    },
    checkType(module, type, value) {
      const definitions = sdk.schemas[module] ?? {}
      if (definitions[type] === undefined) return [`the contract has no type ${type}`]
      return faults({ $ref: `#/definitions/${type}`, definitions }, value)
    },
  }
}

type Responses = {
  readonly [status: string]: { readonly $ref?: string; readonly content?: Content }
}
type Content = { readonly 'application/json'?: { readonly schema: Schema } }
type Description = {
  readonly paths: {
    readonly [path: string]: { readonly [method: string]: { readonly responses?: Responses } }
  }
  readonly components: {
    readonly responses?: { readonly [name: string]: { readonly content?: Content } }
  }
}

function matches(template: string, path: string): boolean {
  const wanted = template.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => segment.startsWith('{') || segment === given[index])
  )
}

function bodySchema(openapi: Description, responses: Responses, status: number): Schema | null {
  const response = responses[String(status)] ?? responses[`${Math.floor(status / 100)}XX`]
  const name = response?.$ref?.replace('#/components/responses/', '')
  const content =
    name === undefined ? response?.content : openapi.components.responses?.[name]?.content
  return content?.['application/json']?.schema ?? null
}

/** OpenAPI 3.0 says `nullable` where JSON Schema names the type. */
function asSchema(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  // The description allows 32 characters; the ids of client certificates in its own examples are UUIDs.
  if (name === 'tls-certificates-and-hostnames_identifier') return { ...value, maxLength: 36 }
  if (!('nullable' in value) || value.nullable !== true) return value
  return { anyOf: [{ ...value, nullable: false }, { enum: [null] }] }
}

/** OpenAPI 3.0 schemas read as draft 4, which is what they were made from. */
function faults(schema: Schema, value: unknown): readonly string[] {
  const { errors } = new Validator(schema, '4', false).validate(value)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}
