/**
 * What a configuration asks of the claims, checked when it is written and made ready to be asked of every token. Refuses
 * members it does not know: a requirement that is misspelt must not be one that is not made.
 */
import { compileRegex } from '#engines/expressions'
import { err, ok, type Result } from '#engines/result'
import { TOKEN_LIMITS } from './limits.ts'
import { type RegisteredClaims, textsOf } from './registered-claims.ts'
import type { Claims, Refusal } from './verdict.ts'

type RequirementIssue = {
  /** JSON pointer from the requirements on. */
  readonly pointer: string
  readonly message: string
}

export type CompiledRequirements = {
  readonly clockSkewSeconds: number
  /** Whether each `jti` counts once; seeing it again is the caller's to remember. */
  readonly isOnceOnly: boolean
  /** The first requirement that is not met; null when all are. Times that have passed are not asked here. */
  refusal(claims: Claims, registered: RegisteredClaims): Refusal | null
}

type Members = { readonly [name: string]: unknown }
type Check = (claims: Claims, registered: RegisteredClaims) => Refusal | null
type CheckedCompiled<T> = Result<T, readonly RequirementIssue[]>

/** `requirements` is a `TokenRequirements` of which nothing is known yet; undefined asks nothing. */
export function compileRequirements(requirements: unknown): CheckedCompiled<CompiledRequirements> {
  if (requirements === undefined) return ok(NOTHING_REQUIRED)
  if (!isMembers(requirements)) return issue('', 'the requirements must be an object')
  const issues: RequirementIssue[] = []
  const checks: Check[] = []
  for (const [name, value] of Object.entries(requirements)) {
    if (value === undefined) continue
    const compile = Object.hasOwn(COMPILERS, name) ? COMPILERS[name] : undefined
    const compiled =
      compile?.(value, `/${name}`) ?? issue(`/${name}`, 'there is no such requirement')
    if (compiled.ok) checks.push(compiled.value)
    else issues.push(...compiled.error)
  }
  if (issues.length > 0) return err(issues)
  const { clock_skew_seconds: skew, replay } = requirements
  return ok({
    clockSkewSeconds: typeof skew === 'number' ? skew : TOKEN_LIMITS.clockSkewSecondsDefault,
    isOnceOnly: replay === 'once',
    refusal(claims, registered) {
      for (const check of checks) {
        const refusal = check(claims, registered)
        if (refusal !== null) return refusal
      }
      return null
    },
  })
}

const NOTHING_REQUIRED: CompiledRequirements = {
  clockSkewSeconds: TOKEN_LIMITS.clockSkewSecondsDefault,
  isOnceOnly: false,
  refusal: () => null,
}

const PASSES: Check = () => null

const COMPILERS: {
  readonly [member: string]: (value: unknown, pointer: string) => CheckedCompiled<Check>
} = {
  issuers(value, pointer) {
    const issuers = readTexts(value, pointer)
    if (!issuers.ok) return issuers
    return ok((_claims, { issuer }) =>
      issuer !== null && issuers.value.includes(issuer) ? null : { reason: 'issuer' },
    )
  },
  audiences(value, pointer) {
    const accepted = readTexts(value, pointer)
    if (!accepted.ok) return accepted
    return ok((_claims, { audiences }) =>
      audiences.some((audience) => accepted.value.includes(audience))
        ? null
        : { reason: 'audience' },
    )
  },
  subject_pattern: compileSubjectPattern,
  scopes(value, pointer) {
    const scopes = readTexts(value, pointer)
    if (!scopes.ok) return scopes
    return ok((claims) => {
      const granted = scopesOf(claims)
      const missing = scopes.value.find((scope) => !granted.includes(scope))
      return missing === undefined ? null : { reason: 'scope', detail: missing }
    })
  },
  claims: compileClaims,
  require_expiry(value, pointer) {
    if (typeof value !== 'boolean') return issue(pointer, 'must be true or false')
    return ok(value ? requireExpiry : PASSES)
  },
  clock_skew_seconds(value, pointer) {
    const { clockSkewSecondsMax } = TOKEN_LIMITS
    return typeof value === 'number' && value >= 0 && value <= clockSkewSecondsMax
      ? ok(PASSES)
      : issue(pointer, `must be 0 to ${clockSkewSecondsMax} seconds`)
  },
  replay(value, pointer) {
    if (value !== 'off' && value !== 'once') return issue(pointer, 'must be off or once')
    return ok(value === 'once' ? requireIdentity : PASSES)
  },
}

function requireExpiry(_claims: Claims, { expiresAt }: RegisteredClaims): Refusal | null {
  return expiresAt === null ? { reason: 'expiry_missing' } : null
}

/** What was seen can only be forgotten when it could not be valid any more. */
function requireIdentity(claims: Claims, registered: RegisteredClaims): Refusal | null {
  return registered.jti === null ? { reason: 'jti_missing' } : requireExpiry(claims, registered)
}

/** The pattern is tried alone first: `a)|(?:b` must not become one by being wrapped. */
function compileSubjectPattern(value: unknown, pointer: string): CheckedCompiled<Check> {
  if (!isText(value)) return issue(pointer, TEXT_EXPECTED)
  const alone = compileRegex(value)
  if (!alone.ok) return issue(pointer, alone.error.message)
  const whole = compileRegex(`^(?:${value})$`)
  if (!whole.ok) return issue(pointer, 'the pattern cannot be asked of a whole text')
  const matches = whole.value
  return ok((_claims, { subject }) =>
    subject !== null && subject.isWellFormed() && matches(subject) ? null : { reason: 'subject' },
  )
}

type ClaimRequirement = { readonly name: string; readonly accepted: readonly unknown[] }

function compileClaims(value: unknown, pointer: string): CheckedCompiled<Check> {
  if (!isMembers(value)) return issue(pointer, 'must be an object of lists')
  const entries = Object.entries(value)
  const { requirementEntriesMax } = TOKEN_LIMITS
  if (entries.length > requirementEntriesMax)
    return issue(pointer, `at most ${requirementEntriesMax} claims may be required`)
  const required: ClaimRequirement[] = []
  for (const [name, accepted] of entries) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!isText(name)) return issue(pointer, TEXT_EXPECTED)
    if (!isFilledList(accepted) || !accepted.every(isScalar))
      return issue(at, `must be 1 to ${requirementEntriesMax} texts, numbers or booleans`)
    required.push({ name, accepted })
  }
  return ok((claims) => {
    const missing = required.find((each) => !holds(each, claims))
    return missing === undefined ? null : { reason: 'claim', detail: missing.name }
  })
}

/** Only members of the claims themselves: `constructor` is no claim. */
function holds({ name, accepted }: ClaimRequirement, claims: Claims): boolean {
  if (!Object.hasOwn(claims, name)) return false
  const value = claims[name]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.some((item) => accepted.includes(item))
}

/** `scope` is one text with spaces (RFC 8693 §4.2); `scp`, as some providers write it, is that or a list. */
function scopesOf({ scope, scp }: Claims): readonly string[] {
  return [...textsOf(scope), ...textsOf(scp)].flatMap((text) => text.split(' '))
}

const TEXT_EXPECTED = `must be text of 1 to ${TOKEN_LIMITS.requirementCharactersMax} characters`

function readTexts(value: unknown, pointer: string): CheckedCompiled<readonly string[]> {
  if (!isFilledList(value))
    return issue(pointer, `must be a list of 1 to ${TOKEN_LIMITS.requirementEntriesMax} texts`)
  const texts: string[] = []
  for (const [index, text] of value.entries()) {
    if (!isText(text)) return issue(`${pointer}/${index}`, TEXT_EXPECTED)
    texts.push(text)
  }
  return ok(texts)
}

function isFilledList(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) && value.length > 0 && value.length <= TOKEN_LIMITS.requirementEntriesMax
  )
}

function isText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= TOKEN_LIMITS.requirementCharactersMax
  )
}

function isScalar(value: unknown): boolean {
  return isText(value) || typeof value === 'boolean' || Number.isFinite(value)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function issue(pointer: string, message: string): Result<never, readonly RequirementIssue[]> {
  return err([{ pointer, message }])
}
