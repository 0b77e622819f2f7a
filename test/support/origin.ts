/** The protected API of the Worker's tests: says what reached it. */
export async function echoOrigin(request: {
  readonly url: string
  readonly method: string
  readonly headers: Iterable<[string, string]>
  text(): Promise<string>
}): Promise<Response> {
  return Response.json({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  })
}
