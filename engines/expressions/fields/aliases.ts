/** Names of former years, each with the name that replaced it. */
const GEOIP_FIELDS = [
  'asnum',
  'city',
  'continent',
  'country',
  'is_in_european_union',
  'lat',
  'lon',
  'metro_code',
  'postal_code',
  'region',
  'region_code',
  'subdivision_1_iso_code',
  'subdivision_2_iso_code',
  'timezone.name',
]

export const FIELD_ALIASES: ReadonlyMap<string, string> = new Map([
  ['cf.api_gateway.fallthrough_triggered', 'cf.api_gateway.fallthrough_detected'],
  ['cf.api_gateway.request_violates_schema', 'cf.schema_validation.uploaded.violated'],
  ['ip.addr', 'ip.src'],
  ...GEOIP_FIELDS.map((name) => [`ip.geoip.${name}`, `ip.src.${name}`] as const),
])
