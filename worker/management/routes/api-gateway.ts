/** api_gateway. */
import { getConfiguration, updateConfiguration } from '../api-gateway/configurations.ts'
import {
  bulkCreateOperations,
  bulkDeleteOperations,
  createOperation,
  deleteOperation,
  getOperation,
  listOperations,
} from '../api-gateway/operations.ts'
import { Z, type Route } from '../route.ts'

const AG = `${Z}/api_gateway`

export const API_GATEWAY_ROUTES: readonly Route[] = [
  {
    path: `${AG}/configuration`,
    methods: { GET: getConfiguration, PUT: updateConfiguration },
  },
  {
    path: `${AG}/operations`,
    methods: {
      GET: listOperations,
      POST: bulkCreateOperations,
      DELETE: bulkDeleteOperations,
    },
  },
  { path: `${AG}/operations/item`, methods: { POST: createOperation } },
  {
    path: `${AG}/operations/:operation_id`,
    methods: { GET: getOperation, DELETE: deleteOperation },
  },
]
