/** `starts_with(source, affix)` and `ends_with(source, affix)`, bytewise; the source must not be a literal. */
import { BOOL, BYTES } from '../types.ts'
import { hasPrefix, hasSuffix } from '../values/search.ts'
import { type FunctionRow, parameterOf } from './row.ts'

export const startsWith: FunctionRow = affixFunction('starts_with', hasPrefix)
export const endsWith: FunctionRow = affixFunction('ends_with', hasSuffix)

function affixFunction(name: string, test: (text: string, affix: string) => boolean): FunctionRow {
  return {
    name,
    parameters: [parameterOf(BYTES, 'refused'), parameterOf(BYTES, 'allowed')],
    required: 2,
    isVariadic: false,
    toleratesMissing: false,
    returns: () => BOOL,
    call: (source, [affix]) =>
      typeof source === 'string' && typeof affix === 'string' ? test(source, affix) : undefined,
  }
}
