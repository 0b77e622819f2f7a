/** Fields about where the request came from: Cloudflare's `request.cf`, all of them missing when it says nothing. */
import { parseIp } from '#engines/expressions'
import { networkOf } from './client-network.ts'
import { memberOf } from './members.ts'
import type { FieldReader } from './field-source.ts'

export const CLIENT_FIELDS: { readonly [field: string]: FieldReader } = {
  'ip.src': (x) => parseIp(x.clientIp) ?? undefined,
  'ip.src.asnum': integer('asn'),
  'ip.src.country': text('country'),
  'ip.src.continent': text('continent'),
  'ip.src.city': text('city'),
  'ip.src.region': text('region'),
  'ip.src.region_code': text('regionCode'),
  'ip.src.postal_code': text('postalCode'),
  'ip.src.metro_code': text('metroCode'),
  'ip.src.lat': text('latitude'),
  'ip.src.lon': text('longitude'),
  'ip.src.timezone.name': text('timezone'),
  'ip.src.is_in_european_union': (x) => x.cf['isEUCountry'] === '1',
  'cf.portcullis.client_network'(x) {
    const ip = parseIp(x.clientIp)
    return ip === undefined ? undefined : networkOf(ip)
  },
  'cf.ray_id': (x) => x.rayId,
  'cf.timings.client_tcp_rtt_msec': integer('clientTcpRtt'),
  'cf.timings.client_quic_rtt_msec': integer('clientQuicRtt'),
  'cf.bot_management.score': botInteger('score'),
  'cf.bot_management.verified_bot': botBoolean('verifiedBot'),
  'cf.bot_management.static_resource': botBoolean('staticResource'),
  'cf.bot_management.ja3_hash': botText('ja3Hash'),
  'cf.bot_management.ja4': botText('ja4'),
}

function text(member: string): FieldReader {
  return (x) => {
    const value = x.cf[member]
    return typeof value === 'string' ? value : undefined
  }
}

function integer(member: string): FieldReader {
  return (x) => {
    const value = x.cf[member]
    return typeof value === 'number' && Number.isInteger(value) ? value : undefined
  }
}

/** `botManagement` is only there with Bot Management. */
function botText(member: string): FieldReader {
  return (x) => {
    const value = memberOf(x.cf['botManagement'], member)
    return typeof value === 'string' ? value : undefined
  }
}

function botInteger(member: string): FieldReader {
  return (x) => {
    const value = memberOf(x.cf['botManagement'], member)
    return typeof value === 'number' ? value : undefined
  }
}

function botBoolean(member: string): FieldReader {
  return (x) => {
    const value = memberOf(x.cf['botManagement'], member)
    return typeof value === 'boolean' ? value : undefined
  }
}
