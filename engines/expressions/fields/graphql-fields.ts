/** What a GraphQL request asks for: Cloudflare's three fields, and ours beside them. */
import { BOOL, BYTES, INT } from '../types.ts'
import { fieldsOf } from './row.ts'

/** https://developers.cloudflare.com/api-shield/security/graphql-protection/configure/ */
export const GRAPHQL_FIELDS = [
  ...fieldsOf(BOOL, [
    'cf.api_gateway.graphql.parsed_successfully',
    'cf.portcullis.graphql.detected',
    'cf.portcullis.graphql.is_introspection',
    'cf.portcullis.graphql.is_registered',
  ]),
  ...fieldsOf(INT, [
    'cf.api_gateway.graphql.query_depth',
    'cf.api_gateway.graphql.query_size',
    'cf.portcullis.graphql.aliases',
    'cf.portcullis.graphql.arguments',
    'cf.portcullis.graphql.batch_size',
    'cf.portcullis.graphql.cost',
    'cf.portcullis.graphql.directives',
    'cf.portcullis.graphql.fields',
    'cf.portcullis.graphql.fragments',
    'cf.portcullis.graphql.operations',
    'cf.portcullis.graphql.query_size_max',
    'cf.portcullis.graphql.root_fields',
    'cf.portcullis.graphql.tokens',
  ]),
  ...fieldsOf(BYTES, [
    'cf.portcullis.graphql.failure',
    'cf.portcullis.graphql.operation_name',
    'cf.portcullis.graphql.operation_type',
  ]),
]
