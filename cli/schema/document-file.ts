/** Reads one OpenAPI document from a file and compiles it, or tells everything that is wrong with it. */
import { readFile, stat } from 'node:fs/promises'
import {
  compileProfile,
  type DocumentIssue,
  extractOperations,
  type ReadDocument,
  readDocument,
  type SchemaProfile,
} from '#engines/openapi'
import { err, ok, type Result } from '#engines/result'
import { cliLimits } from '../limits.ts'

export type CompiledDocument = {
  readonly document: ReadDocument
  readonly profile: SchemaProfile
  readonly warnings: readonly DocumentWarning[]
}

type DocumentWarning = {
  readonly code: string
  readonly message: string
  readonly locations: readonly string[]
}

/** Unreadable is another thing than wrong. */
export type DocumentFileError =
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'refused'; readonly issues: readonly DocumentIssue[] }

export async function readDocumentFile(
  path: string,
): Promise<Result<CompiledDocument, DocumentFileError>> {
  const text = await readText(path)
  if (!text.ok) return err({ kind: 'unreadable', message: text.error })
  const document = readDocument(text.value)
  if (!document.ok) return err({ kind: 'refused', issues: document.error.issues })
  const { profile, warnings } = compileProfile(document.value)
  const extracted = extractOperations(document.value)
  return ok({
    document: document.value,
    profile,
    warnings: [...document.value.warnings, ...extracted.warnings, ...warnings],
  })
}

/** One line for a person. */
export function describeDocumentError(path: string, error: DocumentFileError): string {
  if (error.kind === 'unreadable') return error.message
  const [first] = error.issues
  const more = error.issues.length > 1 ? `, and ${error.issues.length - 1} more` : ''
  const place = first?.line === null ? '' : `:${first?.line}`
  return `${path}${place}: ${first?.path ?? '$'}: ${first?.message ?? 'refused'}${more}`
}

async function readText(path: string): Promise<Result<string, string>> {
  try {
    const { size } = await stat(path)
    if (size > cliLimits.schemaBytesMax) {
      return err(`${path} has ${size} bytes; at most ${cliLimits.schemaBytesMax} are read`)
    }
    return ok(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(await readFile(path)),
    )
  } catch (error) {
    if (error instanceof TypeError) return err(`${path} is not UTF-8`)
    return err(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
