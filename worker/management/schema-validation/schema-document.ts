/** An OpenAPI text → everything that is made of it, or all that is wrong with it. Used for uploads and for seed files. */
import {
  compileProfile,
  type DocumentIssue,
  extractOperations,
  readDocument,
} from '#engines/openapi'
import { operationId } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { MitigationAction, Operation } from '../../storage/resources.ts'
import { type CompiledDocument, compileDocument } from './compiled-document.ts'

export type SchemaWarning = {
  readonly message: string
  /** JSONPath, where the warning has a place. */
  readonly path: string | null
}

export type SchemaDocument = {
  readonly operations: readonly Operation[]
  readonly compiled: CompiledDocument
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
  const { profile, warnings: compileWarnings } = compileProfile(document.value)
  const last_updated = new Date(nowMs).toISOString()
  const described = await Promise.all(
    extracted.operations.map(async ({ method, host, endpoint, profile_key }) => {
      const operation_id = await operationId({ method, host, endpoint })
      return { operation: { operation_id, method, host, endpoint, last_updated }, profile_key }
    }),
  )
  const warnings = [...extracted.warnings, ...compileWarnings]
  const operationKeys = Object.fromEntries(
    described.map(({ operation, profile_key }) => [operation.operation_id, profile_key]),
  )
  return ok({
    operations: described.map(({ operation }) => operation),
    compiled: await compileDocument({ source, profile, operationKeys }),
    mitigationAction: document.value.mitigation_action,
    warnings: warnings.map(({ message, locations }) => ({ message, path: locations[0] ?? null })),
  })
}
