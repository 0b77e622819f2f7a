/** Who calls, and the zone. */
import { verifyToken } from '../user/tokens.ts'
import { getZone } from '../zones.ts'
import { Z, type Route } from '../route.ts'

export const ACCOUNT_ROUTES: readonly Route[] = [
  { path: '/user/tokens/verify', methods: { GET: verifyToken } },
  { path: Z, methods: { GET: getZone } },
]
