/**
 * What the tests of the edge share: an edge on free ports with a state directory of its own, client
 * certificates made by openssl, and clients that say exactly what is on the wire.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { startEdge, type Edge, type EdgeOptions } from '../../edge/start.ts'

/** The wrangler.toml of the Worker that echoes what it was given. */
export const ECHO_WORKER_CONFIG = join(import.meta.dirname, 'echo-worker.toml')

const temporaryDirectories: string[] = []

// First registered, so last to run: after the edges of the test file have stopped.
afterAll(() => {
  for (const directory of temporaryDirectories) rmSync(directory, { recursive: true, force: true })
})

/** Gone when the test file is done. */
export function makeTemporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-edge-'))
  temporaryDirectories.push(directory)
  return directory
}

/** Starts an edge in front of the echo Worker; throws with the reason when it does not start. */
export async function startEchoEdge(options: Partial<EdgeOptions> = {}): Promise<Edge> {
  const edge = await startEdge({
    httpPort: 0,
    httpsPort: 0,
    stateDir: makeTemporaryDirectory(),
    originUrl: 'http://origin.invalid',
    workerConfigPath: ECHO_WORKER_CONFIG,
    log: () => {},
    ...options,
  })
  if (!edge.ok) throw new Error(JSON.stringify(edge.error))
  return edge.value
}

type ClientCertificate = { readonly certificate: string; readonly privateKey: string }

export type CertificateFamily = {
  /** Leaf, intermediate and root in one PEM, as a client would send them. */
  readonly withChain: ClientCertificate
  readonly leafOnly: ClientCertificate
  readonly selfSigned: ClientCertificate
  readonly expired: ClientCertificate
  readonly leafPem: string
  readonly intermediatePem: string
}

/** A root, an intermediate and the leaf `CN=sensor, O=Temperature Testers, Inc.`, all fresh. */
export function makeCertificateFamily(): CertificateFamily {
  const directory = makeTemporaryDirectory()
  const openssl = (...commandLine: readonly string[]): void => {
    execFileSync('openssl', commandLine, { cwd: directory, stdio: 'pipe' })
  }
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8')
  const issue = (
    name: string,
    subject: string,
    issuer: {
      readonly from: string
      readonly extensions: string
      readonly dates?: readonly string[]
    },
  ): void => {
    writeFileSync(join(directory, `${name}.ext`), issuer.extensions)
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-subj',
      subject,
      '-out',
      `${name}.csr`,
    )
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${issuer.from}.pem`,
      '-CAkey',
      `${issuer.from}.key`,
      '-CAcreateserial',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
      ...(issuer.dates ?? ['-days', '2']),
    )
  }
  const selfSign = (name: string, subject: string): void => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-subj',
      subject,
      '-days',
      '2',
      '-out',
      `${name}.pem`,
    )
  }
  const authority =
    'basicConstraints=critical,CA:true\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
  const client =
    'basicConstraints=critical,CA:false\nextendedKeyUsage=clientAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
  selfSign('root', '/CN=Root/O=Test')
  selfSign('self', '/CN=self')
  issue('intermediate', '/CN=Intermediate/O=Test', { from: 'root', extensions: authority })
  issue('leaf', '/CN=sensor/O=Temperature Testers, Inc.', {
    from: 'intermediate',
    extensions: client,
  })
  issue('expired', '/CN=old', { from: 'root', extensions: client, dates: ['-days', '-1'] })
  const leaf = { certificate: read('leaf.pem'), privateKey: read('leaf.key') }
  return {
    withChain: {
      ...leaf,
      certificate: leaf.certificate + read('intermediate.pem') + read('root.pem'),
    },
    leafOnly: leaf,
    selfSigned: { certificate: read('self.pem'), privateKey: read('self.key') },
    expired: {
      certificate: read('expired.pem') + read('root.pem'),
      privateKey: read('expired.key'),
    },
    leafPem: leaf.certificate,
    intermediatePem: read('intermediate.pem'),
  }
}

/** What the echo Worker says it was given. */
export type Echo = {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly string[])[]
  readonly cf: Record<string, unknown> & { readonly tlsClientAuth: Record<string, unknown> }
}

export type HttpsOptions = {
  readonly path?: string
  readonly method?: string
  /** Names and values in turn; Host included. */
  readonly headers?: readonly string[]
  readonly client?: ClientCertificate
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
}

/** One HTTPS request on a connection of its own, trusting the edge's certificate by its file. */
export async function requestEcho(edge: Edge, options: HttpsOptions = {}): Promise<Echo> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = requestHttps(`${edge.httpsUrl}${options.path ?? '/'}`, {
      method: options.method ?? 'GET',
      headers: options.headers ?? ['Host', 'api.example.com'],
      setHost: false,
      agent: false,
      ca: readFileSync(edge.certificatePath),
      ...(options.client === undefined
        ? {}
        : { cert: options.client.certificate, key: options.client.privateKey }),
      ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
    })
    request.on('response', resolve)
    request.on('error', reject)
    request.end()
  })
  return JSON.parse(await readText(answer))
}

export async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk.toString()
  return text
}

/** Writes bytes to a plain port and returns everything that comes back until the edge hangs up. */
export async function exchangeRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes, 'latin1')
  return readText(socket)
}
