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
import { createFallthroughTemplate } from '../api-gateway/expression-template/fallthrough.ts'
import {
  getOperationAction,
  updateOperationAction,
} from '../api-gateway/operations/schema-validation.ts'
import {
  createSeqrule,
  deleteSeqrule,
  getSeqrules,
  updateSeqrules,
} from '../api-gateway/seqrules.ts'
import { listOperationSchemas } from '../api-gateway/schemas.ts'
import {
  editOlderSettings,
  getOlderSettings,
  updateOlderSettings,
} from '../api-gateway/settings/schema-validation.ts'
import { createUserSchema, deleteUserSchema } from '../api-gateway/user-schemas.ts'
import { listSchemaHosts } from '../api-gateway/user-schemas/hosts.ts'
import { listDescribedOperations } from '../api-gateway/user-schemas/operations.ts'
import { type Route, Z } from '../route.ts'
import { editSchema, getSchema, listSchemas } from '../schema-validation/schemas.ts'
import { bulkEditOperationSettings } from '../schema-validation/settings/operations.ts'

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
    path: `${AG}/operations/schema_validation`,
    methods: { PATCH: bulkEditOperationSettings },
  },
  {
    path: `${AG}/operations/:operation_id`,
    methods: { GET: getOperation, DELETE: deleteOperation },
  },
  {
    path: `${AG}/operations/:operation_id/schema_validation`,
    methods: { GET: getOperationAction, PUT: updateOperationAction },
  },
  { path: `${AG}/seqrules`, methods: { GET: getSeqrules, PUT: updateSeqrules } },
  { path: `${AG}/seqrules/rules`, methods: { POST: createSeqrule } },
  { path: `${AG}/seqrules/rules/:rule_id`, methods: { DELETE: deleteSeqrule } },
  { path: `${AG}/schemas`, methods: { GET: listOperationSchemas } },
  {
    path: `${AG}/settings/schema_validation`,
    methods: { GET: getOlderSettings, PUT: updateOlderSettings, PATCH: editOlderSettings },
  },
  { path: `${AG}/user_schemas`, methods: { GET: listSchemas, POST: createUserSchema } },
  { path: `${AG}/user_schemas/hosts`, methods: { GET: listSchemaHosts } },
  {
    path: `${AG}/user_schemas/:schema_id`,
    methods: { GET: getSchema, PATCH: editSchema, DELETE: deleteUserSchema },
  },
  {
    path: `${AG}/user_schemas/:schema_id/operations`,
    methods: { GET: listDescribedOperations },
  },
  {
    path: `${AG}/expression-template/fallthrough`,
    methods: { POST: createFallthroughTemplate },
  },
]
