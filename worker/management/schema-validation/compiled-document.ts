/** What is stored of a compiled document beside its text: an index, and the parts that the index names by their digests. */
import { type ResponsesProfile, type SchemaProfile, splitProfile } from '#engines/openapi'
import { PROFILE_FORMAT } from '#engines/openapi/validate'
import { sha256Hex } from '../../storage/digest.ts'
import type { Delete, Put } from '../../storage/ports.ts'
import type { Schema, StoredProfile } from '../../storage/resources.ts'
import { schemaPartId } from '../../storage/schema-part-id.ts'
import { LIMITS } from '../limits.ts'

export type CompiledDocument = {
  readonly index: Omit<StoredProfile, keyof Identity>
  readonly parts: readonly CompiledPart[]
}

type Identity = Pick<StoredProfile, 'schema_id' | 'created_at' | 'validation_enabled'>

type CompiledPart = { readonly digest: string; readonly profile: SchemaProfile | ResponsesProfile }

type Compiled = {
  readonly source: string
  readonly profile: SchemaProfile
  readonly responses: ResponsesProfile
  readonly operationKeys: StoredProfile['operation_keys']
}

export async function compileDocument({
  source,
  profile,
  responses,
  operationKeys,
}: Compiled): Promise<CompiledDocument> {
  const partCharactersMax = LIMITS.profilePartCharactersMax
  const ofRequests = splitProfile(profile, { partCharactersMax })
  const ofResponses = splitProfile(responses, { partCharactersMax })
  const parts = await Promise.all(
    [...ofRequests.parts, ...ofResponses.parts].map(async (part) => {
      // The text as it will be stored, and published under this digest.
      const text = JSON.stringify(part)
      return { digest: await sha256Hex(text), profile: part, characters: text.length }
    }),
  )
  const names = {
    operation_keys: operationKeys,
    part_numbers: ofRequests.partNumbers,
    response_part_numbers: behind(ofResponses.partNumbers, ofRequests.parts.length),
    parts: parts.map(({ digest }) => digest),
  }
  const index = {
    format: PROFILE_FORMAT,
    ...names,
    source_sha256: await sha256Hex(source),
    source_characters: source.length,
    parts_characters: parts.reduce((sum, { characters }) => sum + characters, 0),
    index_characters: JSON.stringify(names).length,
  }
  return { index, parts: parts.map((part) => ({ digest: part.digest, profile: part.profile })) }
}

type PartNumbers = StoredProfile['part_numbers']

/** The numbers in a list that has so many others in front; an operation without responses needs no part. */
function behind(numbers: PartNumbers, others: number): PartNumbers {
  return Object.fromEntries(
    Object.entries(numbers).map(([key, own]) => [key, own.map((number) => number + others)]),
  )
}

/** Whether this is what is stored already. */
export function isStored(stored: StoredProfile, { index }: CompiledDocument): boolean {
  const { schema_id: _id, created_at: _at, validation_enabled: _enabled, ...known } = stored
  return JSON.stringify(known) === JSON.stringify(index)
}

/** The index, and the parts that are not stored with the one before. */
export function profilePuts(
  { schema_id, created_at, validation_enabled }: Schema,
  { index, parts }: CompiledDocument,
  before: StoredProfile | undefined,
): readonly Put[] {
  const known = new Set(partsOf(before))
  return [
    {
      collection: 'schema_profile',
      id: schema_id,
      body: { schema_id, created_at, validation_enabled, ...index },
    },
    ...parts
      .filter(({ digest }) => !known.has(digest))
      .map(({ digest, profile }): Put => {
        const id = schemaPartId(digest, schema_id)
        return { collection: 'schema_profile_part', id, body: profile }
      }),
  ]
}

/** The parts of a stored profile that the one which replaces it does not have; all, when none does. */
export function partDeletes(
  stored: StoredProfile | undefined,
  replacement?: CompiledDocument,
): readonly Delete[] {
  const kept = new Set(replacement?.index.parts)
  return partsOf(stored)
    .filter((digest) => !kept.has(digest))
    .map((digest) => {
      const id = schemaPartId(digest, stored?.schema_id ?? '')
      return { collection: 'schema_profile_part', id }
    })
}

/** One that an older release stored has no parts. */
function partsOf(stored: Partial<StoredProfile> | undefined): readonly string[] {
  return stored?.parts ?? []
}
