/**
 * The environment contract of the local edge: reads it once, says in one line what is wrong with it, and
 * refuses rather than guesses.
 */
import { resolve } from 'node:path'
import { err, ok, type Result } from '#engines/result'

export type EdgeSettings = {
  /** 0 takes a free port. */
  readonly httpPort: number
  /** 0 takes a free port. */
  readonly httpsPort: number
  /** Absolute. */
  readonly stateDir: string
  /** Absent: the demo origin. */
  readonly originUrl?: string
  /** Absent: made on the first start and kept in the state directory. */
  readonly apiToken?: string
  /** Absent: that of wrangler.toml. */
  readonly zoneId?: string
  /** Absent: that of wrangler.toml. */
  readonly accountId?: string
  /** True: key sets and revocation lists may come from private addresses and over http. */
  readonly allowsPrivateSources: boolean
  /** False: start without the rules and schemas of the working tree. */
  readonly seed: boolean
}

/** Reads the settings out of the environment; an empty variable counts as absent. The error is one line. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Result<EdgeSettings, string> {
  const httpPort = readPort('HTTP_PORT', environment['HTTP_PORT'] || '8787')
  if (!httpPort.ok) return httpPort
  const httpsPort = readPort('HTTPS_PORT', environment['HTTPS_PORT'] || '8443')
  if (!httpsPort.ok) return httpsPort
  if (httpPort.value === httpsPort.value && httpPort.value !== 0) {
    return err(`HTTP_PORT and HTTPS_PORT are both ${httpPort.value}: they need a port each`)
  }
  const originUrl = readOptional('ORIGIN_URL', environment['ORIGIN_URL'])
  if (!originUrl.ok) return originUrl
  const apiToken = readOptional('API_TOKEN', environment['API_TOKEN'])
  if (!apiToken.ok) return apiToken
  const zoneId = readOptional('ZONE_ID', environment['ZONE_ID'])
  if (!zoneId.ok) return zoneId
  const accountId = readOptional('ACCOUNT_ID', environment['ACCOUNT_ID'])
  if (!accountId.ok) return accountId
  const seed = environment['SEED'] || '1'
  if (seed !== '0' && seed !== '1') return err(`SEED must be 0 or 1, it is ${JSON.stringify(seed)}`)
  const privateSources = environment['PRIVATE_SOURCES'] || ''
  if (privateSources !== '' && privateSources !== 'allow') {
    return err(`PRIVATE_SOURCES must be empty or "allow", it is ${JSON.stringify(privateSources)}`)
  }
  return ok({
    httpPort: httpPort.value,
    httpsPort: httpsPort.value,
    stateDir: resolve(environment['STATE_DIR'] || '.portcullis'),
    ...(originUrl.value === null ? {} : { originUrl: originUrl.value }),
    ...(apiToken.value === null ? {} : { apiToken: apiToken.value }),
    ...(zoneId.value === null ? {} : { zoneId: zoneId.value }),
    ...(accountId.value === null ? {} : { accountId: accountId.value }),
    allowsPrivateSources: privateSources === 'allow',
    seed: seed === '1',
  })
}

function readPort(name: string, text: string): Result<number, string> {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    return err(`${name} must be a port from 0 to 65535, it is ${JSON.stringify(text)}`)
  return ok(port)
}

type OptionalName = 'ORIGIN_URL' | 'API_TOKEN' | 'ZONE_ID' | 'ACCOUNT_ID'

const optionalRules: Readonly<
  Record<OptionalName, { readonly accepts: (text: string) => boolean; readonly wanted: string }>
> = {
  ORIGIN_URL: {
    accepts: isOriginUrl,
    wanted: 'an http or https URL without user, path, query and fragment',
  },
  // RFC 6750 §2.1 b64token: what a client can send after "Bearer ".
  API_TOKEN: {
    accepts: (text) => /^[A-Za-z0-9._~+/-]{16,512}=*$/.test(text),
    wanted: '16 to 512 characters of A-Z a-z 0-9 . _ ~ + / -',
  },
  ZONE_ID: { accepts: isIdentifier, wanted: '32 hexadecimal digits' },
  ACCOUNT_ID: { accepts: isIdentifier, wanted: '32 hexadecimal digits' },
}

/** The value is not repeated in the error: one of them is a secret. */
function readOptional(name: OptionalName, text: string | undefined): Result<string | null, string> {
  if (text === undefined || text === '') return ok(null)
  const rule = optionalRules[name]
  return rule.accepts(text) ? ok(text) : err(`${name} must be ${rule.wanted}`)
}

function isIdentifier(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

function isOriginUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false
  // Paths are judged as clients send them; one that the origin adds would be another path.
  return url.pathname === '/' && !url.username && !url.password && !url.search && !url.hash
}
