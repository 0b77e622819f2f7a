/** The body of a call that makes or changes a token configuration, and what is wrong with it beyond its shape. */
import * as z from 'zod/mini'
import type { FieldUse } from '#engines/expressions'
import {
  compileRequirements,
  compileTokenSource,
  TOKEN_LIMITS,
  type TokenRequirements,
} from '#engines/tokens'
import { checkRemoteUrl, describeRemoteFailure } from '../../../remote/document.ts'
import type { KeySource, TokenConfiguration } from '../../../storage/resources/tokens.ts'
import { type Problem, problem, type Problems } from '../../envelope.ts'
import { LIMITS } from '../../limits.ts'
import type { ManagementPorts } from '../../ports.ts'

const TITLE = z.string().check(z.minLength(1), z.maxLength(LIMITS.tokenTitleCharactersMax))

const DESCRIPTION = z.string().check(z.maxLength(LIMITS.descriptionCharactersMax))

const SOURCES = z.array(z.string()).check(z.minLength(1), z.maxLength(LIMITS.tokenSourcesMax))

const TEXTS = z.array(z.string())

// Strict: a requirement with a slip in its name would be none.
const REQUIREMENTS: z.ZodMiniType<TokenRequirements> = z.strictObject({
  issuers: z.exactOptional(TEXTS),
  audiences: z.exactOptional(TEXTS),
  subject_pattern: z.exactOptional(z.string()),
  scopes: z.exactOptional(TEXTS),
  claims: z.exactOptional(
    z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))),
  ),
  require_expiry: z.exactOptional(z.boolean()),
  clock_skew_seconds: z.exactOptional(z.number()),
  replay: z.exactOptional(z.enum(['off', 'once'])),
})

const KEY_SOURCE = z.union([
  z.strictObject({ kind: z.literal('jwks'), url: z.string() }),
  z.strictObject({ kind: z.literal('oidc'), issuer: z.string() }),
])

export const NEW_CONFIGURATION = z.object({
  title: TITLE,
  description: DESCRIPTION,
  // Cloudflare documents both spellings.
  token_type: z.enum(['JWT', 'jwt']),
  token_sources: SOURCES,
  credentials: z.exactOptional(z.object({ keys: z.unknown() })),
  key_source: z.exactOptional(z.nullable(KEY_SOURCE)),
  requirements: z.exactOptional(z.nullable(REQUIREMENTS)),
})

/** `null` takes away what is ours; keys are changed by a call of their own. */
export const CONFIGURATION_CHANGE = z.object({
  title: z.exactOptional(TITLE),
  description: z.exactOptional(DESCRIPTION),
  token_sources: z.exactOptional(SOURCES),
  key_source: z.exactOptional(z.nullable(KEY_SOURCE)),
  requirements: z.exactOptional(z.nullable(REQUIREMENTS)),
})

export type ConfigurationChange = z.infer<typeof CONFIGURATION_CHANGE>

/** Everything that is wrong with what a body says, without asking anybody else. */
export function changeProblems(change: ConfigurationChange, allowPrivate: boolean): Problems {
  return [
    ...sourceProblems(change.token_sources ?? []),
    ...requirementProblems(change.requirements ?? {}),
    ...(change.key_source ? urlProblems(change.key_source, allowPrivate) : []),
  ]
}

/** The stored configuration with what the change says of it. */
export function changed(
  stored: TokenConfiguration,
  { key_source, requirements, ...plain }: ConfigurationChange,
): TokenConfiguration {
  const { key_source: oldSource, requirements: oldRequirements, ...rest } = stored
  const source = key_source === undefined ? oldSource : key_source
  const required = requirements === undefined ? oldRequirements : requirements
  return {
    ...rest,
    ...plain,
    ...(source ? { key_source: source } : {}),
    ...(required ? { requirements: required } : {}),
  }
}

/** Fetches the keys once, so that a source which cannot give any is never stored. */
export async function fetchProblems(
  { keySources }: ManagementPorts,
  { id, key_source }: TokenConfiguration,
): Promise<Problems> {
  if (key_source === undefined) return []
  const fetched = await keySources.refresh(id, key_source)
  if (fetched.ok) return []
  return problem('key_source_unusable', fetched.error.message, '/key_source').error
}

function sourceProblems(sources: readonly string[]): Problems {
  return sources.flatMap((source, index): readonly Problem[] => {
    const pointer = `/token_sources/${index}`
    const compiled = compileTokenSource(source)
    if (!compiled.ok) return [{ error: 'invalid_expression', message: compiled.error, pointer }]
    const message = useProblem(compiled.value.uses)
    return message === null ? [] : [{ error: 'invalid_expression', message, pointer }]
  })
}

/** What can never carry a token, in words: a rule that lets requests without one pass would then let all pass. */
function useProblem(uses: readonly FieldUse[]): string | null {
  const foreign = uses.find(({ field }) => !CARRYING_FIELDS.test(field))
  if (foreign !== undefined) {
    return `A token stands in a header, a cookie or the query, not in ${foreign.field}.`
  }
  const { key } =
    uses.find(({ field, key: name }) => field === HEADERS && name !== name?.toLowerCase()) ?? {}
  return key === undefined
    ? null
    : `Names of headers are in lower case here, ${key} is never there.`
}

const HEADERS = 'http.request.headers'

/** Known before anything of the request was looked into. */
const CARRYING_FIELDS = /^(?:raw\.)?http\.(?:cookie$|request\.(?:headers|cookies|uri)(?:\.|$))/

function requirementProblems(requirements: TokenRequirements): Problems {
  const compiled = compileRequirements(requirements)
  if (compiled.ok) return []
  return compiled.error.map(({ pointer, message }) => ({
    error: 'invalid_token_configuration',
    message,
    pointer: `/requirements${pointer}`,
  }))
}

function urlProblems(source: KeySource, allowPrivate: boolean): Problems {
  const [member, url] =
    source.kind === 'jwks' ? (['url', source.url] as const) : (['issuer', source.issuer] as const)
  const wrong = checkRemoteUrl(url, allowPrivate)
  const message = wrong === null ? lengthProblem(source) : describeRemoteFailure(wrong)
  return message === null
    ? []
    : [{ error: 'invalid_token_configuration', message, pointer: `/key_source/${member}` }]
}

/** The issuer becomes a requirement, and one that does not compile would keep the whole zone's configuration out of force. */
function lengthProblem(source: KeySource): string | null {
  const { requirementCharactersMax } = TOKEN_LIMITS
  return source.kind === 'oidc' && source.issuer.length > requirementCharactersMax
    ? `An issuer has at most ${requirementCharactersMax} characters.`
    : null
}
