/** OpenAPI documents to operations, a validator for each, and what a departure leads to, as seeding puts it into force. */
import { compileProfile, extractOperations, readDocument } from '#engines/openapi'
import { createValidator, type Validator } from '#engines/openapi/validate'
import { operationId } from '#engines/paths'
import { err, ok, type Result } from '#engines/result'
import { type ConfigurationFile, type FileProblem, wholeFile } from '../configuration-files.ts'

export type SchemaAction = 'none' | 'log' | 'block'

export type DescribedOperation = {
  /** The id that the running shield gives it. */
  readonly operation_id: string
  readonly method: string
  readonly host: string
  readonly endpoint: string
  readonly validator: Validator
  readonly action: SchemaAction
}

/** `defaultAction` is for documents that name none. Of two documents with one operation the later counts. */
export async function readSchemas(
  files: readonly ConfigurationFile[],
  defaultAction: SchemaAction,
): Promise<Result<readonly DescribedOperation[], readonly FileProblem[]>> {
  const operations = new Map<string, DescribedOperation & { readonly file: string }>()
  const problems: FileProblem[] = []
  for (const { path: file, content } of files) {
    for (const operation of await describedIn(content, defaultAction)) {
      const other = operations.get(operation.operation_id)
      if (other !== undefined && other.action !== operation.action)
        problems.push(
          wholeFile(
            file,
            `${operation.method} ${operation.host}${operation.endpoint} is in ${other.file} too, with another x-portcullis-mitigation-action.`,
          ),
        )
      operations.set(operation.operation_id, { ...operation, file })
    }
  }
  return problems.length > 0 ? err(problems) : ok([...operations.values()])
}

/** The document was read once already and found to be sound. */
async function describedIn(
  content: string,
  defaultAction: SchemaAction,
): Promise<readonly DescribedOperation[]> {
  const document = readDocument(content)
  if (!document.ok) return []
  const { profile } = compileProfile(document.value)
  const action = document.value.mitigation_action ?? defaultAction
  const described = extractOperations(document.value).operations.map(
    async ({ method, host, endpoint, profile_key }) => {
      const validator = createValidator(profile, profile_key)
      if (validator === null) return []
      const operation_id = await operationId({ method, host, endpoint })
      return [{ operation_id, method, host, endpoint, validator, action }]
    },
  )
  return (await Promise.all(described)).flat()
}
