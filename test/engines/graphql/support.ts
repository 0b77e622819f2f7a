/** Requests as tests write them, and vectors. */
import { existsSync, readFileSync } from 'node:fs'
import {
  createGraphqlMeasurer,
  type GraphqlDescription,
  type GraphqlRequest,
} from '#engines/graphql'
import type { ReferenceOperation } from './reference.ts'

const measurer = createGraphqlMeasurer()

type Given = Partial<Omit<GraphqlRequest, 'body'>> & { readonly body?: string }

/** A POST of JSON unless told otherwise. */
export function describeRequest({ body, ...given }: Given): GraphqlDescription {
  const bytes = body === undefined ? null : new TextEncoder().encode(body)
  const request = { method: 'POST', contentType: 'application/json', query: '', ...given }
  return measurer.describe({ ...request, body: bytes })
}

/** A document alone in a JSON body. */
export function describeDocument(query: string): GraphqlDescription {
  return describeRequest({ body: JSON.stringify({ query }) })
}

export type VectorRow = {
  readonly text: string
  readonly valid?: boolean
  readonly pattern?: string
  readonly n?: number
  readonly tokens?: number
  readonly fields: number
  readonly aliases: number
  readonly directives: number
  readonly operations: readonly ReferenceOperation[]
}

/** Rows of our own vectors, and of the larger ones beside the repository; empty when those are absent. */
export function readVectors(file: string): {
  readonly own: readonly VectorRow[]
  readonly beside: readonly VectorRow[]
} {
  return {
    own: readRows(new URL(`../../vectors/graphql/${file}`, import.meta.url)),
    beside: readRows(new URL(`../../../../shared/testdata/graphql/${file}`, import.meta.url)),
  }
}

function readRows({ pathname }: URL): readonly VectorRow[] {
  if (!existsSync(pathname)) return []
  const lines = readFileSync(pathname, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
