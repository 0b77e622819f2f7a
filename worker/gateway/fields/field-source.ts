/**
 * Where an expression reads its fields from: a fact that a detector left, else the exchange itself. Nothing is computed
 * before an expression asks, and one key of a map is read without building the map.
 */
import { fieldIndex, type FieldSource, FIELDS, type Value } from '#engines/expressions'
import type { Exchange } from '../exchange.ts'
import { API_FIELDS } from './api.ts'
import { CLIENT_FIELDS } from './client.ts'
import { REQUEST_ENTRIES, REQUEST_FIELDS } from './request.ts'
import { TLS_FIELDS } from './tls.ts'

export type FieldReader = (exchange: Exchange) => Value | undefined
export type EntryReader = (exchange: Exchange, key: string) => Value | undefined

const READERS = byIndex<FieldReader>({
  ...REQUEST_FIELDS,
  ...CLIENT_FIELDS,
  ...TLS_FIELDS,
  ...API_FIELDS,
})
const ENTRY_READERS = byIndex<EntryReader>(REQUEST_ENTRIES)

export function fieldSourceOf(exchange: Exchange): FieldSource {
  const { facts } = exchange
  return {
    field: (index) => facts.get(index) ?? READERS[index]?.(exchange),
    entry(index, key) {
      const reader = ENTRY_READERS[index]
      if (reader !== undefined) return reader(exchange, key)
      const map = facts.get(index) ?? READERS[index]?.(exchange)
      return isMap(map) ? map.get(key) : undefined
    },
  }
}

function isMap(value: Value | undefined): value is ReadonlyMap<string, Value> {
  return value instanceof Map
}

function byIndex<Reader>(readers: {
  readonly [field: string]: Reader
}): readonly (Reader | undefined)[] {
  const table: (Reader | undefined)[] = Array.from({ length: FIELDS.length })
  for (const [name, reader] of Object.entries(readers)) {
    const index = fieldIndex(name)
    if (index === -1) throw new Error(`the rules language has no field ${name}`)
    table[index] = reader
  }
  return table
}
