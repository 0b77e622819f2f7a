/** Thousands of distinct requests: fewer would let the branch predictor learn them by heart. */
import { parseIp, type Value } from '#engines/expressions'
import { createRandom } from './harness.ts'

export type PlainRequest = {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: string
  readonly userAgent: string
  readonly referer: string
  readonly cookie: string
  readonly isTls: boolean
  readonly country: string
  readonly asn: number
  /** IPv4 as a number, and as the rules language has it. */
  readonly ip: number
  readonly address: Value | undefined
  readonly threatScore: number
  readonly botScore: number
  readonly isCertVerified: boolean
  readonly isCertRevoked: boolean
  readonly headers: ReadonlyMap<string, readonly string[]>
}

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE']
const HOSTS = [
  'example.com',
  'www.example.com',
  'api.example.com',
  'api.example.com',
  'cdn.example.org',
]
const PATHS = [
  '/',
  '/api/v1/users/',
  '/api/v1/identity',
  '/api/v2/orders/',
  '/wp-login.php',
  '/xmlrpc.php',
  '/admin/',
  '/static/app.js',
  '/images/a/b/',
  '/WP-LOGIN.PHP',
]
const QUERIES = ['', '', 'page=1', 'q=union select', 'channel=a&token=b', 'id=']
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
  'python-requests/2.31',
  'curl/8.7.1',
  'Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)',
  '',
]
const COUNTRIES = ['US', 'GB', 'DE', 'CN', 'RU', 'FR', 'BR', 'T1']
const ASNS = [4808, 16509, 15169, 3320, 9808, 13335, 132892]
const CONTENT_TYPES = ['application/json', 'text/html', 'application/x-www-form-urlencoded']

/** The same ones for the same seed. */
export function createRequests(count: number, seed = 7): readonly PlainRequest[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => createPlain(random))
}

function createPlain(random: () => number): PlainRequest {
  const pick = <T>(items: readonly T[], otherwise: T): T =>
    items[Math.floor(random() * items.length)] ?? otherwise
  const word = () => Math.floor(random() * 36 ** 6).toString(36)
  const host = pick(HOSTS, '')
  const path = pick(PATHS, '') + (random() < 0.7 ? word() : '')
  const query = pick(QUERIES, '') + (random() < 0.3 ? word() : '')
  const userAgent = `${pick(AGENTS, '')}${random() < 0.5 ? ` ${word()}` : ''}`
  const ip =
    random() < 0.2 ? 0x0a000000 + Math.floor(random() * 2 ** 24) : Math.floor(random() * 2 ** 32)
  return {
    method: pick(METHODS, ''),
    host,
    path,
    query,
    userAgent,
    referer: random() < 0.5 ? '' : `https://www.example.com/${word()}`,
    cookie: random() < 0.5 ? '' : `session=${word()}; wordpress_logged=${word()}`,
    isTls: random() < 0.9,
    country: pick(COUNTRIES, ''),
    asn: pick(ASNS, 0),
    ip,
    address: parseIp([24, 16, 8, 0].map((shift) => (ip >>> shift) & 0xff).join('.')),
    threatScore: Math.floor(random() * 60),
    botScore: 1 + Math.floor(random() * 99),
    isCertVerified: random() < 0.5,
    isCertRevoked: random() < 0.1,
    headers: new Map([
      ['host', [host]],
      ['user-agent', [userAgent]],
      ['content-type', [pick(CONTENT_TYPES, '')]],
      ['x-request-id', [word()]],
    ]),
  }
}
