/** A stranger's text as it may stand in a finding. */
import { GATEWAY_LIMITS } from './limits.ts'

/** Cut, and without control characters, which would be escaped six-fold in JSON. */
export function findingText(text: string): string {
  return text.slice(0, GATEWAY_LIMITS.findingTextCharactersMax).replaceAll(/\p{Cc}/gu, '\ufffd')
}
