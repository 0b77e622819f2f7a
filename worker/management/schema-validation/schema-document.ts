/** An OpenAPI text → everything that is made of it, or all that is wrong with it. Used for uploads and for seed files. */
import {
  compileProfile,
  type DocumentIssue,
  extractOperations,
  readDocument,
  type SchemaProfile,
} from '#engines/openapi'
import { operationId } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { MitigationAction, Operation } from '../../storage/resources.ts'

export type SchemaWarning = {
  readonly message: string
  /** JSONPath, where the warning has a place. */
  readonly path: string | null
}

export type SchemaDocument = {
  readonly operations: readonly Operation[]
  /** By operation_id: the key in the profile. */
  readonly operationKeys: { readonly [operationId: string]: string }
  readonly profile: SchemaProfile
  readonly mitigationAction: MitigationAction | null
  readonly warnings: readonly SchemaWarning[]
}

export async function readSchemaDocument(
  source: string,
  nowMs: number,
): Promise<Result<SchemaDocument, readonly DocumentIssue[]>> {
  const document = readDocument(source)
  if (!document.ok) return err(document.error.issues)
  const extracted = extractOperations(document.value)
  const compiled = compileProfile(document.value)
  const last_updated = new Date(nowMs).toISOString()
  const described = await Promise.all(
    extracted.operations.map(async ({ method, host, endpoint, profile_key }) => {
      const operation_id = await operationId({ method, host, endpoint })
      return { operation: { operation_id, method, host, endpoint, last_updated }, profile_key }
    }),
  )
  const warnings = [...document.value.warnings, ...extracted.warnings, ...compiled.warnings]
  return ok({
    operations: described.map(({ operation }) => operation),
    operationKeys: Object.fromEntries(
      described.map(({ operation, profile_key }) => [operation.operation_id, profile_key]),
    ),
    profile: compiled.profile,
    mitigationAction: document.value.mitigation_action,
    warnings: warnings.map(({ message, locations }) => ({ message, path: locations[0] ?? null })),
  })
}
