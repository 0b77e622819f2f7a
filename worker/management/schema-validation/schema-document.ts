/** An OpenAPI text → everything that is made of it, or all that is wrong with it. Used for uploads and for seed files. */
import {
  compileProfile,
  compileResponses,
  type DocumentIssue,
  extractOperations,
  type ReadDocument,
  readDocument,
  warningNumber,
} from '#engines/openapi'
import { operationId } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import type { MitigationAction, Operation } from '../../storage/resources.ts'
import { type CompiledDocument, compileDocument } from './compiled-document.ts'

export type SchemaWarning = {
  /** From 2001 on, by the kind of warning. */
  readonly number: number
  readonly message: string
  /** JSONPath of each place. */
  readonly locations: readonly string[]
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
  const { described, warnings: extracted } = await describedBy(document.value, nowMs)
  const { profile, warnings: compileWarnings } = compileProfile(document.value)
  const responses = compileResponses(document.value)
  const warnings = [
    ...document.value.warnings,
    ...extracted,
    ...compileWarnings,
    ...responses.warnings,
  ]
  const operationKeys = Object.fromEntries(
    described.map(({ operation, profile_key }) => [operation.operation_id, profile_key]),
  )
  return ok({
    operations: described.map(({ operation }) => operation),
    compiled: await compileDocument({
      source,
      profile,
      responses: responses.profile,
      operationKeys,
    }),
    mitigationAction: document.value.mitigation_action,
    warnings: warnings.map(({ code, message, locations }) => ({
      number: warningNumber(code),
      message,
      locations,
    })),
  })
}

/** The operations of a text that was accepted before; none of one that no longer is. */
export async function readDescribedOperations(
  source: string,
  nowMs: number,
): Promise<readonly Operation[]> {
  const document = readDocument(source)
  if (!document.ok) return []
  const { described } = await describedBy(document.value, nowMs)
  return described.map(({ operation }) => operation)
}

async function describedBy(document: ReadDocument, nowMs: number) {
  const { operations, warnings } = extractOperations(document)
  const last_updated = new Date(nowMs).toISOString()
  const described = await Promise.all(
    operations.map(async ({ method, host, endpoint, profile_key }) => {
      const operation_id = await operationId({ method, host, endpoint })
      return { operation: { operation_id, method, host, endpoint, last_updated }, profile_key }
    }),
  )
  return { described, warnings }
}
