/**
 * Representative expressions of public rule sets, each with the JavaScript that a person would write for it by hand. They
 * must agree on every request (expressions.ts looks), so the two sides do the same work.
 */
import type { PlainRequest } from './requests.ts'

export type HandWritten = {
  readonly name: string
  readonly expression: string
  readonly byHand: (request: PlainRequest) => boolean
}

const WRITING = new Set(['POST', 'PUT', 'DELETE', 'PATCH'])
const COUNTRIES = new Set(['CN', 'RU', 'KP'])
const ASNS = new Set([
  4808, 9394, 4837, 9808, 4134, 134772, 136199, 8452, 39369, 36351, 56046, 135377,
])

/** The first eight bits are 10, or the first sixteen are 192.168. */
function isPrivate(ip: number): boolean {
  return ip >>> 24 === 10 || ip >>> 16 === 0xc0a8
}

export const HAND_WRITTEN: readonly HandWritten[] = [
  {
    name: 'host',
    expression: 'http.host eq "example.com"',
    byHand: (r) => r.host === 'example.com',
  },
  {
    name: 'path contains',
    expression: '(http.request.uri.path contains "/xmlrpc.php")',
    byHand: (r) => r.path.includes('/xmlrpc.php'),
  },
  {
    name: 'method in',
    expression: '(http.request.method in {"POST" "PUT" "DELETE" "PATCH"})',
    byHand: (r) => WRITING.has(r.method),
  },
  {
    name: 'method and path',
    expression: '(http.request.method eq "POST" and http.request.uri.path eq "/api/v1/identity")',
    byHand: (r) => r.method === 'POST' && r.path === '/api/v1/identity',
  },
  {
    name: 'client certificate',
    expression:
      '((not cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_revoked) and http.host in {"api.example.com"})',
    byHand: (r) => (!r.isCertVerified || r.isCertRevoked) && r.host === 'api.example.com',
  },
  {
    name: 'country and score',
    expression: '(ip.geoip.country in {"CN" "RU" "KP"}) or cf.threat_score > 50',
    byHand: (r) => COUNTRIES.has(r.country) || r.threatScore > 50,
  },
  {
    name: 'networks',
    expression:
      '(ip.geoip.asnum in {4808 9394 4837 9808 4134 134772 136199 8452 39369 36351 56046 135377})',
    byHand: (r) => ASNS.has(r.asn),
  },
  {
    name: 'addresses',
    expression: 'ip.src in {10.0.0.0/8 192.168.0.0/16}',
    byHand: (r) => isPrivate(r.ip),
  },
  {
    name: 'prefix and suffixes',
    expression:
      'starts_with(http.request.uri.path, "/bypass") or ends_with(http.request.uri.path, ".js") or ends_with(http.request.uri.path, ".css") or ends_with(http.request.uri.path, ".png")',
    byHand: (r) =>
      r.path.startsWith('/bypass') ||
      r.path.endsWith('.js') ||
      r.path.endsWith('.css') ||
      r.path.endsWith('.png'),
  },
  {
    name: 'user agents',
    expression:
      '(http.user_agent contains "zgrab/") or (http.user_agent contains "python-requests/") or (http.user_agent contains "python-httpx/") or (http.user_agent contains "Go-http-client/") or (http.user_agent contains "sqlmap") or (http.user_agent contains "curl/")',
    byHand: (r) =>
      r.userAgent.includes('zgrab/') ||
      r.userAgent.includes('python-requests/') ||
      r.userAgent.includes('python-httpx/') ||
      r.userAgent.includes('Go-http-client/') ||
      r.userAgent.includes('sqlmap') ||
      r.userAgent.includes('curl/'),
  },
  {
    name: 'lower',
    expression: 'lower(http.request.uri.path) contains "/wp-login.php"',
    byHand: (r) => r.path.toLowerCase().includes('/wp-login.php'),
  },
  {
    name: 'matches',
    expression: 'http.request.uri.path matches "^/api/v[0-9]+/"',
    byHand: (r) => /^\/api\/v[0-9]+\//.test(r.path),
  },
  {
    name: 'any header',
    expression:
      'http.request.method == "POST" && any(http.request.headers["content-type"][*] == "application/json")',
    byHand: (r) =>
      r.method === 'POST' && (r.headers.get('content-type')?.includes('application/json') ?? false),
  },
  {
    name: 'eleven predicates',
    expression:
      'ssl and http.request.method ne "DELETE" and ends_with(http.host, "example.com") and not http.request.uri.path contains "/wp-" and not starts_with(http.request.uri.path, "/admin") and len(http.request.uri.query) lt 100 and not http.user_agent contains "sqlmap" and (cf.bot_management.score gt 20 or ip.src in {10.0.0.0/8 192.168.0.0/16}) and not ip.geoip.country in {"CN" "RU" "KP"} and cf.threat_score lt 50 and any(http.request.headers["content-type"][*] == "application/json")',
    byHand: (r) =>
      r.isTls &&
      r.method !== 'DELETE' &&
      r.host.endsWith('example.com') &&
      !r.path.includes('/wp-') &&
      !r.path.startsWith('/admin') &&
      r.query.length < 100 &&
      !r.userAgent.includes('sqlmap') &&
      (r.botScore > 20 || isPrivate(r.ip)) &&
      !COUNTRIES.has(r.country) &&
      r.threatScore < 50 &&
      (r.headers.get('content-type')?.includes('application/json') ?? false),
  },
]
