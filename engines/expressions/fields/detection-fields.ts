/**
 * Fields that detectors fill: API gateway, schema validation, sessions and sequences. After them, the fields of products
 * that are not ours, which parse so that imported rules load, and are missing from every request.
 */
import { BOOL, BYTES, INT, mapOf } from '../types.ts'
import { GRAPHQL_FIELDS } from './graphql-fields.ts'
import { BYTES_LIST, fieldsOf, INT_LIST } from './row.ts'
import { CALL_FIELDS, SESSION_FIELDS } from './session-fields.ts'

const SCHEMA_ORIGINS = ['learned', 'uploaded']
const SCHEMA_LOCATIONS = ['body', 'cookies', 'headers', 'path', 'query']
const SCHEMA_FIELDS = SCHEMA_ORIGINS.map((origin) => `cf.schema_validation.${origin}`)

/** https://developers.cloudflare.com/waf/detections/application-profiles/fields/ and the fields reference */
export const DETECTION_FIELDS = [
  ...fieldsOf(BOOL, [
    'cf.api_gateway.auth_id_present',
    'cf.api_gateway.fallthrough_detected',
    ...SCHEMA_FIELDS.map((field) => `${field}.violated`),
  ]),
  ...GRAPHQL_FIELDS,
  ...CALL_FIELDS,
  ...SESSION_FIELDS,
  ...fieldsOf(BYTES_LIST, [
    ...SCHEMA_FIELDS.flatMap((field) =>
      SCHEMA_LOCATIONS.map((location) => `${field}.${location}.violated_parameters`),
    ),
    ...SCHEMA_FIELDS.map((field) => `${field}.query.undeclared_parameters`),
    'cf.web_asset.labels',
  ]),
  // Verdicts that functions and rules of these names read, and nothing else: no name in an expression has parentheses.
  ...fieldsOf(mapOf(BOOL), [
    'is_jwt_present()',
    'is_jwt_valid()',
    'rate_exceeded()',
    'sequence_broken()',
  ]),
  ...fieldsOf(BYTES, [
    'cf.bot_management.ja3_hash',
    'cf.bot_management.ja4',
    'cf.hostname.metadata',
    'cf.random_seed',
    'cf.ray_id',
    'cf.verified_bot_category',
    'cf.waf.score.class',
    'cf.worker.upstream_zone',
    'cf.zone.name',
    'cf.zone.plan',
  ]),
  ...fieldsOf(INT, [
    'cf.bot_management.score',
    'cf.colo.id',
    'cf.llm.prompt.injection_score',
    'cf.llm.prompt.token_count',
    'cf.threat_score',
    'cf.waf.content_scan.num_malicious_obj',
    'cf.waf.content_scan.num_obj',
    'cf.waf.score',
    'cf.waf.score.rce',
    'cf.waf.score.sqli',
    'cf.waf.score.xss',
  ]),
  ...fieldsOf(BOOL, [
    'cf.bot_management.corporate_proxy',
    'cf.bot_management.js_detection.passed',
    'cf.bot_management.static_resource',
    'cf.bot_management.verified_bot',
    'cf.client.bot',
    'cf.llm.prompt.detected',
    'cf.llm.prompt.pii_detected',
    'cf.llm.prompt.unsafe_topic_detected',
    'cf.waf.auth_detected',
    'cf.waf.content_scan.has_failed',
    'cf.waf.content_scan.has_malicious_obj',
    'cf.waf.content_scan.has_obj',
    'cf.waf.credential_check.password_leaked',
    'cf.waf.credential_check.username_and_password_leaked',
    'cf.waf.credential_check.username_leaked',
    'cf.waf.credential_check.username_password_similar',
  ]),
  ...fieldsOf(BYTES_LIST, [
    'cf.llm.prompt.pii_categories',
    'cf.llm.prompt.unsafe_topic_categories',
    'cf.waf.content_scan.obj_results',
    'cf.waf.content_scan.obj_types',
  ]),
  ...fieldsOf(INT_LIST, ['cf.bot_management.detection_ids', 'cf.waf.content_scan.obj_sizes']),
]
