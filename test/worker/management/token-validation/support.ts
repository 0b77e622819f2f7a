/** A zone with token configurations and operations, for the tests of rules over them. */
import { type Caller, callerOf, portsOf, Z } from '../../../support/management.ts'
import { octKey } from '../../../support/token-keys.ts'

type Operation = { readonly operation_id: string; readonly host: string }

type Zone = {
  readonly call: Caller
  readonly configurationId: string
  readonly operations: readonly Operation[]
}

const OPERATIONS = [
  { method: 'GET', host: 'v1.example.com', endpoint: '/accounts/{id}' },
  { method: 'POST', host: 'v1.example.com', endpoint: '/login' },
  { method: 'GET', host: 'v2.example.com', endpoint: '/accounts/{id}' },
  { method: 'GET', host: 'v3.example.com', endpoint: '/things' },
]

/** A zone of the test's own, under this name. */
export async function zoneWithOperations(
  name: string,
  overrides: Parameters<typeof portsOf>[1] = {},
): Promise<Zone> {
  const call = callerOf(portsOf(name, overrides))
  const { result: operations } = await call<readonly Operation[]>(
    `POST ${Z}/api_gateway/operations`,
    { body: OPERATIONS },
  )
  return { call, configurationId: await newConfiguration(call), operations }
}

export async function newConfiguration(call: Caller): Promise<string> {
  const { result } = await call<{ readonly id: string }>(`POST ${Z}/token_validation/config`, {
    body: {
      title: 'Users',
      description: '',
      token_type: 'JWT',
      token_sources: ['http.request.headers["authorization"][0]'],
      credentials: { keys: [octKey('a')] },
    },
  })
  return result.id
}
