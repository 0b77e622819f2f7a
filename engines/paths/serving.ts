/** The operation that answers a request, where the matcher only knows the one that it names. */
import type { OperationTriple } from './operation-id.ts'
import type { MatchableRequest, OperationMatch, OperationMatcher } from './trie.ts'

/**
 * RFC 9110 §9.3.2: HEAD is GET without the content, and origins serve it by the same code. So a HEAD that is no saved
 * operation of its own is the GET: who may not do the one may not do the other.
 */
export function findServing<T extends OperationTriple>(
  matcher: OperationMatcher<T>,
  request: MatchableRequest,
): OperationMatch<T> | null {
  const match = matcher.match(request)
  return match === null && request.method === 'HEAD'
    ? matcher.match({ ...request, method: 'GET' })
    : match
}
