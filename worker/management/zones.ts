/** GET /zones/{id}: the one zone, as far as Portcullis knows it. Plans, name servers and owners it does not know. */
import { ok } from '#engines/result'
import type { Call, Outcome } from './handler.ts'

export async function getZone({ ports: { settings } }: Call): Promise<Outcome> {
  return ok({
    result: {
      id: settings.ZONE_ID,
      name: settings.MANAGEMENT_HOST || settings.ZONE_ID,
      status: 'active',
      paused: false,
      type: 'full',
      account: { id: settings.ACCOUNT_ID },
    },
  })
}
