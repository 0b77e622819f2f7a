/** `starts_with(source, affix)` and `ends_with(source, affix)`, bytewise; the source must not be a literal. */
import { ok } from '#engines/result'
import { BOOL, BYTES } from '../types.ts'
import { hasEscapedBytes } from '../values/bytes.ts'
import { hasPrefix, hasSuffix } from '../values/search.ts'
import { type FunctionCall, type FunctionRow, functionOf, parameterOf } from './row.ts'

export const startsWith = affixFunction('starts_with', {
  ofText: (affix) => (source) => typeof source === 'string' && source.startsWith(affix),
  ofBytes: hasPrefix,
})
export const endsWith = affixFunction('ends_with', {
  ofText: (affix) => (source) => typeof source === 'string' && source.endsWith(affix),
  ofBytes: hasSuffix,
})

type AffixTest = {
  /** For an affix that is text and nothing else: the platform's own test. */
  readonly ofText: (affix: string) => FunctionCall
  readonly ofBytes: (text: string, affix: string) => boolean
}

function affixFunction(name: string, { ofText, ofBytes }: AffixTest): FunctionRow {
  const compare: FunctionCall = (source, [affix]) =>
    typeof source === 'string' && typeof affix === 'string' ? ofBytes(source, affix) : undefined
  return functionOf(name, BOOL, {
    parameters: [parameterOf(BYTES, 'refused'), parameterOf(BYTES, 'allowed')],
    run: {
      kind: 'compiled',
      compile: ([, affix]) =>
        ok(typeof affix === 'string' && !hasEscapedBytes(affix) ? ofText(affix) : compare),
    },
  })
}
