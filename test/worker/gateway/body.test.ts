import { describe, expect, test } from 'vitest'
import { createBodyBuffer } from '../../../worker/gateway/body.ts'

const MAX = 1000

function request(bytes: Uint8Array | null, chunk = 300): Request {
  if (bytes === null) return new Request('https://a.example/')
  let offset = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(offset, offset + chunk))
      offset += chunk
    },
  })
  return new Request('https://a.example/', { method: 'POST', body })
}

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251)
}

async function collected(body: BodyInit | null): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body).arrayBuffer())
}

describe('the body buffer', () => {
  test.each([
    { name: 'below the bound', length: MAX - 1, kind: 'bytes' },
    { name: 'at the bound', length: MAX, kind: 'bytes' },
    { name: 'above the bound', length: MAX + 1, kind: 'too_large' },
    { name: 'far above the bound', length: 50 * MAX, kind: 'too_large' },
  ])('$name: $kind, and forwarded byte for byte', async ({ length, kind }) => {
    const bytes = bytesOf(length)
    const buffer = createBodyBuffer(request(bytes), MAX)
    expect((await buffer.inspect()).kind).toBe(kind)
    expect(await collected(buffer.forward())).toEqual(bytes)
  })

  test('that nobody looks at is the stream itself', () => {
    const subject = request(bytesOf(10))
    expect(createBodyBuffer(subject, MAX).forward()).toBe(subject.body)
  })

  test('gives two who look at once the same bytes', async () => {
    const buffer = createBodyBuffer(request(bytesOf(500)), MAX)
    const [first, second] = await Promise.all([buffer.inspect(), buffer.inspect()])
    expect(first).toEqual({ kind: 'bytes', bytes: bytesOf(500) })
    expect(second).toEqual(first)
  })

  test.each([
    { name: 'no body', bytes: null },
    { name: 'an empty body', bytes: new Uint8Array() },
  ])('of $name is none', async ({ bytes }) => {
    expect(await createBodyBuffer(request(bytes), MAX).inspect()).toEqual({ kind: 'none' })
  })

  test('declared longer than the bound is not read at all', async () => {
    const subject = new Request('https://a.example/', { method: 'POST', body: bytesOf(MAX + 1) })
    const declared = new Request(subject, { headers: { 'content-length': String(MAX + 1) } })
    const buffer = createBodyBuffer(declared, MAX)
    expect(await buffer.inspect()).toEqual({ kind: 'too_large' })
    expect(declared.bodyUsed).toBe(false)
    expect(await collected(buffer.forward())).toEqual(bytesOf(MAX + 1))
  })
})
