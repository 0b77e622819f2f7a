import { compileCostSchema } from '#engines/graphql'
import { expect, test } from 'vitest'
import {
  type GraphqlCost,
  packCost,
  unpackCost,
} from '../../../../worker/storage/resources/graphql-cost.ts'

test('a schema is the same after it was packed', () => {
  const schema = compileCostSchema(`
    schema { query: Root }
    type Root {
      a(x: Int @cost(weight: "2"), first: Int = 3): [B] @cost(weight: "4") @listSize(slicingArguments: ["first"], sizedFields: ["c"])
    }
    type B { c: [Int] __proto__: Int }
  `)
  if (!schema.ok) throw new Error(schema.error.message)
  const packed = JSON.parse(JSON.stringify(packCost(schema.value))) as GraphqlCost
  expect(unpackCost(packed)).toEqual(schema.value)
})
