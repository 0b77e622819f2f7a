/**
 * Holds a sample of the origin's answers against their schema. The client never waits for it: the answer goes out as it came,
 * and what departs from the schema is an event. A sampled body is read beside the client's, up to the inspection bound.
 */
import type { RequestBody, ResponseValidator } from '#engines/openapi/validate'
import { INSPECTION_LIMITS } from '#engines/request-fields'
import { logFailure } from '../log.ts'
import type { SecurityEvent } from '../storage/events.ts'
import { readUpTo } from './body.ts'
import type { Exchange } from './exchange.ts'
import { responseDeparted } from './observation.ts'
import type { SchemaStore } from './schema-store.ts'

/** Of a hundred responses, when nobody has said otherwise. */
const SAMPLE_PERCENT_DEFAULT = 1

export type ResponseInspector = {
  /** What the client gets; the very same response unless it is sampled and has a body to look into. */
  inspect(exchange: Exchange, response: Response): Response
}

type Ports = {
  readonly schemas: SchemaStore
  readonly report: (event: SecurityEvent) => Promise<void>
  readonly uuid: () => string
}

export function createResponseInspector({ schemas, report, uuid }: Ports): ResponseInspector {
  /** Hundredths of a sample that have come together; begins so that the first response is one. */
  let due = 100

  function isSampled({ snapshot }: Exchange): boolean {
    const settings = snapshot.zone.schema_settings[0]
    if (settings?.validation_override_mitigation_action === 'none') return false
    const percent = settings?.response_sample_percent ?? SAMPLE_PERCENT_DEFAULT
    due += percent
    if (percent === 0 || due < 100) return false
    due -= 100
    return true
  }

  return {
    inspect(exchange, response) {
      const id = exchange.operation?.operation.operation_id
      const isUpgrade = response.status === 101
      if (id === undefined || isUpgrade || !exchange.snapshot.schemas.operationIds.has(id)) {
        return response
      }
      if (!isSampled(exchange)) return response
      const mayRead = exchange.method !== 'HEAD' && response.body !== null
      const [forClient, forUs] = mayRead ? response.body.tee() : [null, null]
      const facts = { status: response.status, headers: new Headers(response.headers) }
      exchange.later(judge(exchange, id, { ...facts, body: forUs }))
      return mayRead ? new Response(forClient, response) : response
    },
  }

  async function judge(exchange: Exchange, operationId: string, sampled: Sampled): Promise<void> {
    try {
      const wanted = exchange.snapshot.schemas.findResponses(operationId)
      const validator =
        wanted === null ? null : await schemas.responseValidator(wanted, exchange.later)
      const violations = validator === null ? [] : await violationsOf(validator, sampled)
      if (violations.length === 0) return
      await report(responseDeparted(exchange, { id: uuid(), status: sampled.status, violations }))
    } catch (cause) {
      // The answer is out already: whoever runs the deployment is told, the client is not concerned.
      logFailure('response_inspection_failed', cause, { ray_id: exchange.rayId })
    } finally {
      await sampled.body?.cancel().catch(() => {})
    }
  }
}

type Sampled = {
  readonly status: number
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array> | null
}

async function violationsOf(
  validator: ResponseValidator,
  { status, headers, body }: Sampled,
): Promise<ReturnType<ResponseValidator['validate']>> {
  const isRead = validator.readsBody(status) && body !== null
  return validator.validate({
    status,
    header: (name) => headers.get(name),
    contentType: headers.get('content-type'),
    body: isRead ? await read(body) : { kind: 'none' },
  })
}

async function read(body: ReadableStream<Uint8Array>): Promise<RequestBody> {
  const { bytes, rest } = await readUpTo(body, INSPECTION_LIMITS.bodyBytesMax)
  if (rest === null) return { kind: 'bytes', bytes }
  await rest.cancel()
  return { kind: 'too_large' }
}
