/** How this deployment reaches the URLs that its operator configured. */
import type { Settings } from '../settings.ts'
import type { RemotePorts } from './document.ts'

/**
 * On Cloudflare the network itself has no way to private addresses. On one machine it has, so there the edge binds a
 * network without them, and a name that resolves to a private address leads nowhere.
 */
export function remotePorts({ PUBLIC_NETWORK: network, PRIVATE_SOURCES }: Settings): RemotePorts {
  const allowPrivate = PRIVATE_SOURCES === 'allow'
  return {
    allowPrivate,
    fetch:
      network === undefined || allowPrivate
        ? (url, init) => fetch(url, init)
        : (url, init) => network.fetch(url, init),
  }
}
