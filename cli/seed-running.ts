/**
 * Seeds a running shield: checks the project's files here, sends them only when all are sound, and hands
 * back what the shield made of them. Seeding twice changes nothing the second time.
 */
import * as z from 'zod/mini'
import { callManagement, type ManagementFailure } from './management-api.ts'
import type { ConfigurationFile, FileProblem } from './configuration-files.ts'
import { readSeedFiles } from './seed-files.ts'
import type { Shield } from './shield.ts'

export type SeedTarget = Shield & {
  /** The directory that holds rules/ and schemas/. */
  readonly root: string
}

/** What seeding changed. With errors in it, nothing was changed. */
export type SeedReport = z.infer<typeof Report>

export type SeedOutcome =
  | { readonly kind: 'files_refused'; readonly problems: readonly FileProblem[] }
  | { readonly kind: 'call_failed'; readonly failure: ManagementFailure }
  | { readonly kind: 'seeded'; readonly report: SeedReport }

const Remark = z.object({
  file: z.string(),
  line: z.nullable(z.number()),
  key: z.nullable(z.string()),
  message: z.string(),
})

const Report = z.object({
  created: z.array(z.string()),
  updated: z.array(z.string()),
  deleted: z.array(z.string()),
  /** Made through the API under the same name, so the files do not touch it. */
  left_alone: z.array(z.string()),
  unchanged: z.number(),
  /** What the files say and the shield does not use. */
  warnings: z.array(Remark),
  errors: z.array(Remark),
})

/** Puts rules/ and schemas/ of `root` into force. */
export async function seedRunning({ root, ...shield }: SeedTarget): Promise<SeedOutcome> {
  const files = await readSeedFiles(root)
  if (!files.ok) return { kind: 'files_refused', problems: files.error }
  return sendSeedFiles(files.value, shield)
}

/** Puts files that were checked into force. */
export async function sendSeedFiles(
  files: readonly ConfigurationFile[],
  shield: Shield,
): Promise<SeedOutcome> {
  const { url, token, zoneId } = shield
  const path = `/zones/${zoneId}/portcullis/seed`
  const answer = await callManagement({ url, token, method: 'PUT', path, body: { files } })
  if (!answer.ok) return { kind: 'call_failed', failure: answer.error }
  const report = Report.safeParse(answer.value)
  if (report.success) return { kind: 'seeded', report: report.data }
  return { kind: 'call_failed', failure: { reason: 'not_a_shield', url, status: 200 } }
}
