/** The methods that Cloudflare names; case matters, as in HTTP. */
export const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'CONNECT',
  'PATCH',
  'TRACE',
] as const
