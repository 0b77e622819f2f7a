/** The key sources of a zone: one object for each configuration and source, so a changed source begins with nothing. */
import { err } from '#engines/result'
import { sha256Hex } from '../digest.ts'
import type { KeySourcePort, KeySourceReader } from '../ports.ts'
import type { KeySource as Source } from '../resources/tokens.ts'
import type { KeySource } from './key-source.ts'

export function createKeySources(
  namespace: DurableObjectNamespace<KeySource>,
  zoneId: string,
): KeySourcePort & KeySourceReader {
  // A stub belongs to the request that made it, so each call makes its own.
  const object = async (id: string, source: Source) => {
    const digest = await sha256Hex(source.kind === 'jwks' ? source.url : `oidc ${source.issuer}`)
    return namespace.getByName(`${zoneId}:${id}:${digest}`)
  }
  return {
    async current({ configurationId, source, known, wanted }) {
      const stub = await object(configurationId, source)
      return stub.current({ source, known, wanted })
    },
    async refresh(id, source) {
      const refreshed = await (await object(id, source)).refresh(source)
      return refreshed.ok ? refreshed : err({ message: refreshed.error })
    },
    async status(id, source) {
      return (await object(id, source)).status()
    },
  }
}
