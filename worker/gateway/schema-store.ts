/**
 * The validators of operations, built when an operation is first met from the parts of its schema that it needs: one awaited
 * read then, none afterwards. Both are remembered by digest, so a new snapshot that kept them costs nothing, and both memories
 * are bounded by the characters of what they hold: what was remembered first makes room. What cannot be had throws, and
 * the next request asks again.
 */
import type { ResponsesProfile, SchemaProfile } from '#engines/openapi'
import {
  createResponseValidator,
  createValidator,
  operationProfile,
  type ResponseValidator,
  type Validator,
} from '#engines/openapi/validate'
import type { SchemaPart, SchemaPartSource } from '../storage/ports.ts'
import { GATEWAY_LIMITS } from './limits.ts'
import { createSingleFlight, type Later } from './single-flight.ts'
import { createWeighedMemory } from './weighed-memory.ts'

export type SchemaStore = {
  /** @throws when a part cannot be had, or is not what its index says. */
  validator(wanted: WantedOperation, later: Later): Validator | Promise<Validator>
  /** Nothing waits for it but the inspection; `null` when the document says nothing about responses. */
  responseValidator(wanted: WantedOperation, later: Later): Promise<ResponseValidator | null>
}

export type WantedOperation = {
  /** The key of the operation in the profile. */
  readonly key: string
  /** Digests of the parts that it needs. */
  readonly digests: readonly string[]
}

type Ports = {
  readonly source: SchemaPartSource
  readonly wait: (ms: number) => Promise<unknown>
}

type Bounds = Pick<typeof GATEWAY_LIMITS, 'schemaPartCharactersMax' | 'validatorCharactersMax'>

export function createSchemaStore(
  { source, wait }: Ports,
  bounds: Bounds = GATEWAY_LIMITS,
): SchemaStore {
  const parts = createWeighedMemory<SchemaPart>(bounds.schemaPartCharactersMax)
  const reading = createSingleFlight<SchemaPart>(wait)
  const validators = createWeighedMemory<Validator>(bounds.validatorCharactersMax)
  const building = createSingleFlight<Validator>(wait)
  const responseValidators = createWeighedMemory<ResponseValidator | 'none'>(
    bounds.validatorCharactersMax,
  )

  async function read(digest: string): Promise<SchemaPart> {
    const part = await source.read(digest)
    parts.set(digest, part, part.characters)
    return part
  }

  /** The index that named the digests says whether they speak of requests or of responses. */
  async function ownProfile<Profile extends SchemaPart['profile']>(
    { key, digests }: WantedOperation,
    later: Later,
  ): Promise<Profile> {
    const needed = await Promise.all(
      digests.map(
        async (digest) =>
          parts.get(digest) ?? (await reading.ask(digest, () => read(digest), later)),
      ),
    )
    const own = operationProfile<unknown>(
      needed.map(({ profile }) => profile),
      key,
    )
    if (!own.ok) throw new Error(`${own.error.reason}: ${own.error.name}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what we stored under this very digest
    return own.value as Profile
  }

  async function build(wanted: WantedOperation, later: Later): Promise<Validator> {
    const own = await ownProfile<SchemaProfile>(wanted, later)
    const validator = createValidator(own, wanted.key)
    if (validator === null) throw new Error(`operation_missing: ${wanted.key}`)
    validators.set(nameOf(wanted), validator, JSON.stringify(own).length)
    return validator
  }

  return {
    validator(wanted, later) {
      const name = nameOf(wanted)
      return validators.get(name) ?? building.ask(name, () => build(wanted, later), later)
    },
    async responseValidator(wanted, later) {
      const name = nameOf(wanted)
      const known = responseValidators.get(name)
      if (known !== undefined) return known === 'none' ? null : known
      const own = await ownProfile<ResponsesProfile>(wanted, later)
      const validator = createResponseValidator(own, wanted.key)
      responseValidators.set(name, validator ?? 'none', JSON.stringify(own).length)
      return validator
    },
  }
}

/** Equal digests mean equal parts, so the name stands for the very schema. */
function nameOf({ key, digests }: WantedOperation): string {
  return `${digests.join(' ')} ${key}`
}
