/** The ways of the GraphQL bench inside workerd: each request goes one way many times, and the caller takes the CPU time of the process. */
import { createGraphqlBodies } from './graphql-bodies.ts'
import { prepare, WAYS } from './graphql-ways.ts'

const bodies = prepare(createGraphqlBodies())

// oxlint-disable-next-line import/no-default-export -- the runtime wants a Worker so
export default {
  fetch(request: Request): Response {
    const { searchParams } = new URL(request.url)
    const way = WAYS[searchParams.get('way') ?? '']
    if (way === undefined) return new Response(null, { status: 404 })
    let sum = 0
    for (let times = Number(searchParams.get('times')); times > 0; times--) sum ^= way(bodies)
    return new Response(String(sum))
  },
}
