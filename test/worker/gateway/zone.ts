/** The zone of the Worker under test: what is committed is in force for the next request, and events can be read back. */
import { decodePem, describeCertificate } from '#engines/certificates'
import { env, SELF } from 'cloudflare:test'
import type { Settings } from '../../../worker/settings.ts'
import type { SecurityEvent } from '../../../worker/storage/events.ts'
import { createZoneStore } from '../../../worker/storage/objects/zone-store.ts'
import type { Put } from '../../../worker/storage/ports.ts'

const settings = env as unknown as Settings
const zone = createZoneStore(settings.ZONE, settings.ZONE_ID)

let changes = 0

export async function commit(
  puts: readonly Put[],
  deletes: Parameters<typeof zone.commit>[0]['deletes'] = [],
): Promise<void> {
  const { version } = await zone.read({})
  await zone.commit({ basedOn: version, puts, deletes, actor: 'test', action: 'test' })
  // The isolate that answers a change through the API looks for the new configuration at once.
  await SELF.fetch(
    `https://api.example/client/v4/zones/${settings.ZONE_ID}/schema_validation/settings`,
    {
      method: 'PATCH',
      headers: { authorization: 'Bearer test-token' },
      body: JSON.stringify({
        validation_default_mitigation_action: changes++ % 2 ? 'none' : 'log',
      }),
    },
  )
}

/** One request; the origin echoes what it got. */
export async function call(
  tlsClientAuth: object | undefined,
  { host = 'api.example', path = '/x' } = {},
) {
  const rayId = crypto.randomUUID()
  const cf = tlsClientAuth === undefined ? {} : { tlsClientAuth }
  const headers = {
    'cf-ray': rayId,
    'cf-cert-subject-dn': 'CN=forged',
    'client-cert': ':Zm9yZ2Vk:',
    'client-cert-chain': ':Zm9yZ2Vk:',
    client_cert: ':Zm9yZ2Vk:',
    'client.cert': ':Zm9yZ2Vk:',
    'cf-cert.verified': 'forged',
  }
  const response = await SELF.fetch(`https://${host}${path}`, { headers, cf: cf as never })
  return { response, event: async () => eventOf(rayId) }
}

async function eventOf(rayId: string): Promise<SecurityEvent | undefined> {
  const url = `https://api.example/client/v4/zones/${settings.ZONE_ID}/portcullis/events?ray_id=${rayId}`
  const response = await SELF.fetch(url, { headers: { authorization: 'Bearer test-token' } })
  const { result } = await response.json<{ result: SecurityEvent[] }>()
  return result[0]
}

/** `request.cf.tlsClientAuth` of a PEM certificate and those that are sent with it. */
export async function described(pem: string, chain = '') {
  const [leafDer] = ders(pem)
  if (leafDer === undefined) throw new Error('not a certificate')
  const chainDer = chain === '' ? [] : ders(chain)
  const description = await describeCertificate({ leafDer, chainDer })
  if (!description.ok) throw new Error(description.error.reason)
  // An edge may claim what it likes: the Worker judges for itself.
  return { certPresented: '1', certVerified: 'SUCCESS', certRevoked: '0', ...description.value }
}

function ders(pem: string): readonly Uint8Array<ArrayBuffer>[] {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  if (!blocks.ok) throw new Error(blocks.error.reason)
  return blocks.value
}
