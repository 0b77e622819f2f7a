/**
 * `regex_replace(source, pattern, replacement)`: the first match; `wildcard_replace(source, pattern, replacement, flags?)`:
 * the whole value, or it stays as it is. Either may stand in an expression once.
 */
import { err, ok, type Result } from '#engines/result'
import { BYTES } from '../types.ts'
import { compileRegexReplace } from '../values/regex.ts'
import { compileWildcardReplace } from '../values/wildcard-replace.ts'
import { type CallFault, functionOf, parameterOf } from './row.ts'

export const regexReplace = functionOf('regex_replace', BYTES, {
  parameters: [
    parameterOf(BYTES, 'allowed'),
    parameterOf(BYTES, 'required'),
    parameterOf(BYTES, 'required'),
  ],
  needs: 'rewrites',
  isSingular: true,
  run: {
    kind: 'compiled',
    compile([, pattern, replacement]) {
      const compiled = compileRegexReplace(textOf(pattern), textOf(replacement))
      if (!compiled.ok) {
        const { in: place, code, message } = compiled.error
        return place === 'pattern' ? err({ argument: 1, code, message }) : replacementFault(message)
      }
      const replace = compiled.value
      return ok((source) => (typeof source === 'string' ? replace(source) : undefined))
    },
  },
})

export const wildcardReplace = functionOf('wildcard_replace', BYTES, {
  parameters: [
    parameterOf(BYTES, 'refused'),
    parameterOf(BYTES, 'required'),
    parameterOf(BYTES, 'required'),
    {
      ...parameterOf(BYTES, 'required'),
      refusal: (value) => (value === '' || value === 's' ? undefined : 'the only flag is s'),
    },
  ],
  required: 3,
  needs: 'rewrites',
  isSingular: true,
  run: {
    kind: 'compiled',
    compile([, pattern, replacement, flags]) {
      const compiled = compileWildcardReplace(textOf(pattern), textOf(replacement), {
        isStrict: flags === 's',
      })
      if (!compiled.ok) {
        const { in: place, message } = compiled.error
        return place === 'pattern'
          ? err({ argument: 1, code: 'invalid_wildcard', message })
          : replacementFault(message)
      }
      const replace = compiled.value
      return ok((source) => (typeof source === 'string' ? replace(source) : undefined))
    },
  },
})

function replacementFault(message: string): Result<never, CallFault> {
  return err({ argument: 2, code: 'invalid_replacement', message })
}

/** A parameter that must be a literal Bytes always is. */
function textOf(literal: unknown): string {
  return typeof literal === 'string' ? literal : ''
}
