/**
 * Carries one HTTP request from a client to the Worker and the answer back. Bodies stream both ways and
 * are never held; when one side goes away the other is told; trailers are dropped. It adds what the edge
 * knows and judges nothing but whether the request can be passed on without two readings of it.
 */
import { randomBytes } from 'node:crypto'
import {
  request as startRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { err, ok, type Result } from '#engines/result'
import { COLO, createCfProperties } from './cf-properties.ts'
import type { ConnectionFacts } from './connection.ts'
import type { EdgeLimits } from './limits.ts'
import { renderProblem, type EdgeProblem } from './problem.ts'
import { createClientHeaders, createWorkerHeaders } from './request-headers.ts'
import { readRequestUrl } from './request-target.ts'

/** Where requests go: a direct socket of the Worker, on loopback, that takes absolute-form targets. */
export type ForwardTarget = {
  readonly hostname: string
  readonly port: number
  readonly agent: Agent
  readonly limits: EdgeLimits
  /** False while the shield may not know its rules yet: only management calls are carried then. */
  readonly isOpen: () => boolean
}

/** A request the edge may pass on: what the Worker is to be asked. */
export type AdmittedRequest = {
  readonly method: string
  readonly url: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

export type ForwardInput = {
  readonly request: IncomingMessage
  readonly connection: ConnectionFacts
  readonly ray: string
}

/** 16 hexadecimal digits and the colo, as Cloudflare's. */
export function createRay(): string {
  return `${randomBytes(8).toString('hex')}-${COLO}`
}

/** Sees whether a request can be passed on, and as what. */
export function admitRequest(
  input: ForwardInput,
  { limits, isOpen }: ForwardTarget,
): Result<AdmittedRequest, EdgeProblem> {
  const { request, connection, ray } = input
  const { rawHeaders, url: target = '' } = request
  if (target.length > limits.targetBytesMax) return err('target_too_long')
  if (rawHeaders.length / 2 > limits.headersMax) return err('headers_too_large')
  // Any other coding would have to be undone here, because it does not outlive this connection.
  const coding = request.headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return err('malformed_request')
  const url = readRequestUrl({ scheme: connection.scheme, target, rawHeaders })
  if (!url.ok) return url
  if (!isOpen() && !isManagement(url.value)) return err('not_open_yet')
  const cf = createCfProperties(connection, {
    httpVersion: request.httpVersion,
    acceptEncoding: request.headers['accept-encoding']?.toString() ?? '',
  })
  return ok({
    method: request.method ?? 'GET',
    url: url.value,
    headers: createWorkerHeaders(rawHeaders, {
      scheme: connection.scheme,
      clientIp: connection.clientIp,
      ray,
      cf: JSON.stringify(cf),
    }),
  })
}

function isManagement(url: string): boolean {
  return new URL(url).pathname.startsWith('/client/v4/')
}

/** Opens the request to the Worker; `extraHeaders` are names and values in turn. */
export function askWorker(
  target: ForwardTarget,
  admitted: AdmittedRequest,
  extraHeaders: readonly string[] = [],
): ClientRequest {
  return startRequest({
    host: target.hostname,
    port: target.port,
    agent: target.agent,
    method: admitted.method,
    path: admitted.url,
    headers: [...admitted.headers, ...extraHeaders],
    setHost: false,
  })
}

/** Answers one request with what the Worker says of it; never rejects, never leaves the client waiting. */
export function forward(
  target: ForwardTarget,
  input: ForwardInput,
  response: ServerResponse,
): void {
  const { request, ray } = input
  const admitted = admitRequest(input, target)
  if (!admitted.ok) return refuse(response, admitted.error, ray)

  const upstream = askWorker(target, admitted.value)
  let answered = false
  upstream.on('response', (answer) => {
    answered = true
    response.writeHead(answer.statusCode ?? 502, [...createClientHeaders(answer.rawHeaders, ray)])
    // A client of a slow stream wants the headers now; with a short answer they leave in one write.
    setImmediate(() => {
      if (!response.writableEnded) response.flushHeaders()
    })
    answer.pipe(response, { end: false })
    answer.on('end', () => endAnswer({ request, upstream, response }, target.limits.uploadGraceMs))
    // A broken answer must end as a broken connection: a clean end would pass for the whole of it.
    answer.on('error', () => response.destroy())
  })
  upstream.on('error', () => {
    if (!answered && !response.headersSent) refuse(response, 'worker_unreachable', ray)
  })
  response.on('close', () => {
    if (!response.writableFinished) stopUpload(request, upstream)
  })
  request.pipe(upstream)
}

type Exchange = {
  readonly request: IncomingMessage
  readonly upstream: ClientRequest
  readonly response: ServerResponse
}

/**
 * RFC 9112 §9.6: hanging up on a client that still writes would lose it the answer, so when the Worker has
 * answered without wanting the rest of an upload, that is read and thrown away for a while.
 */
function endAnswer({ request, upstream, response }: Exchange, graceMs: number): void {
  if (!request.complete || !upstream.writableFinished) stopUpload(request, upstream)
  if (request.complete) {
    response.end()
    return
  }
  const timer = setTimeout(() => {
    response.end(() => request.socket.destroy())
  }, graceMs)
  request.once('end', () => response.end())
  response.once('close', () => clearTimeout(timer))
}

/** What still comes from the client is thrown away. */
function stopUpload(request: IncomingMessage, upstream: ClientRequest): void {
  request.unpipe(upstream)
  request.resume()
  upstream.destroy()
}

/** Ends the connection too, because the rest of a refused request may still be on its way. */
function refuse(response: ServerResponse, problem: EdgeProblem, ray: string): void {
  const { status, headers, body } = renderProblem(problem, ray)
  response.writeHead(status, [...headers, 'Connection', 'close'])
  response.end(body)
}
