/** schema_validation. */
import {
  createSchema,
  deleteSchema,
  editSchema,
  getSchema,
  listSchemas,
} from '../schema-validation/schemas.ts'
import { editSettings, getSettings, updateSettings } from '../schema-validation/settings.ts'
import {
  bulkEditOperationSettings,
  deleteOperationSetting,
  getOperationSetting,
  listOperationSettings,
  updateOperationSetting,
} from '../schema-validation/settings/operations.ts'
import { Z, type Route } from '../route.ts'

const OPERATION_SETTINGS = `${Z}/schema_validation/settings/operations`

export const SCHEMA_VALIDATION_ROUTES: readonly Route[] = [
  { path: `${Z}/schema_validation/schemas`, methods: { GET: listSchemas, POST: createSchema } },
  {
    path: `${Z}/schema_validation/schemas/:schema_id`,
    methods: { GET: getSchema, PATCH: editSchema, DELETE: deleteSchema },
  },
  {
    path: `${Z}/schema_validation/settings`,
    methods: { GET: getSettings, PUT: updateSettings, PATCH: editSettings },
  },
  {
    path: OPERATION_SETTINGS,
    methods: { GET: listOperationSettings, PATCH: bulkEditOperationSettings },
  },
  {
    path: `${OPERATION_SETTINGS}/:operation_id`,
    methods: {
      GET: getOperationSetting,
      PUT: updateOperationSetting,
      DELETE: deleteOperationSetting,
    },
  },
]
