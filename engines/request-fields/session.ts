/** The session that a request belongs to, as far as its headers and cookies and the claims at hand say. */
import { identifySession, type SessionIdentity } from '#engines/sessions'
import type { RequestFacts } from './facts.ts'
import { cookiesOf } from './parameters.ts'
import { cookieSpelling, headerSpelling } from './spelling.ts'

/** `claim` knows the claims of valid tokens by `<token configuration id>:<JSONPath>`. */
export function sessionOf(
  request: Pick<RequestFacts, 'header' | 'sessionIdentifiers'>,
  claim: (reference: string) => string | null,
): SessionIdentity | null {
  if (request.sessionIdentifiers.length === 0) return null
  return identifySession(request.sessionIdentifiers, {
    header(name) {
      const value = request.header(name)
      return value === null ? null : (headerSpelling(name)?.(value) ?? value)
    },
    cookie: (name) => cookieOf(request.header('cookie') ?? '', name),
    claim,
  })
}

/** The first that is not empty; a client may send several of one name. */
function cookieOf(header: string, name: string): string | null {
  const cookie = cookiesOf(header).find((one) => one.name === name && one.value !== '')
  return cookie === undefined ? null : cookieSpelling(cookie.value)
}
