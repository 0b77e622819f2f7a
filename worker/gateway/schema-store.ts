/**
 * The validators of operations, built when an operation is first met from the parts of its schema that it needs: one awaited
 * read then, none afterwards. Both are remembered by digest, so a new snapshot that kept them costs nothing, and both memories
 * are bounded by the characters of what they hold: what was remembered first makes room. What cannot be had throws, and
 * the next request asks again.
 */
import { createValidator, operationProfile, type Validator } from '#engines/openapi/validate'
import type { SchemaPart, SchemaPartSource } from '../storage/ports.ts'
import { GATEWAY_LIMITS } from './limits.ts'
import { createSingleFlight, type Later } from './single-flight.ts'
import { createWeighedMemory } from './weighed-memory.ts'

export type SchemaStore = {
  /** @throws when a part cannot be had, or is not what its index says. */
  validator(wanted: WantedOperation, later: Later): Validator | Promise<Validator>
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

  async function read(digest: string): Promise<SchemaPart> {
    const part = await source.read(digest)
    parts.set(digest, part, part.characters)
    return part
  }

  async function build(
    { key, digests }: WantedOperation,
    name: string,
    later: Later,
  ): Promise<Validator> {
    const needed = await Promise.all(
      digests.map(
        async (digest) =>
          parts.get(digest) ?? (await reading.ask(digest, () => read(digest), later)),
      ),
    )
    const own = operationProfile(
      needed.map(({ profile }) => profile),
      key,
    )
    if (!own.ok) throw new Error(`${own.error.reason}: ${own.error.name}`)
    const validator = createValidator(own.value, key)
    if (validator === null) throw new Error(`operation_missing: ${key}`)
    validators.set(name, validator, JSON.stringify(own.value).length)
    return validator
  }

  return {
    validator(wanted, later) {
      // Equal digests mean equal parts, so the name stands for the very schema.
      const name = `${wanted.digests.join(' ')} ${wanted.key}`
      return validators.get(name) ?? building.ask(name, () => build(wanted, name, later), later)
    },
  }
}
