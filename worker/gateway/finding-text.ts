/** A stranger's text as it may stand in a finding. */
import { printable } from '../storage/printable.ts'
import { GATEWAY_LIMITS } from './limits.ts'

export function findingText(text: string): string {
  return printable(text, GATEWAY_LIMITS.findingTextCharactersMax)
}
