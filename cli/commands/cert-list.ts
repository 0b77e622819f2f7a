/** `cert list`: the client certificates of the running shield, and which of them are about to expire. */
import { err, ok, type Result } from '#engines/result'
import { listCertificates } from '../certificates/client-certificates.ts'
import { calledBy, certificateRow, daysLeft, fail, refuse } from '../certificates/rows.ts'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { readShield } from '../shield.ts'

/** The two others that Cloudflare's API knows never appear. */
const STATUSES = ['all', 'active', 'revoked']

export const certList: Command = {
  name: 'cert list',
  summary: 'Lists the client certificates of the running shield',
  operands: null,
  options: {
    status: { value: 'STATUS', summary: 'all, active or revoked; all when not given' },
    expiring: { value: 'DAYS', summary: 'only active ones that expire within so many days' },
  },
  help: `Prints for each {"id", "common_name", "organization", "status", "issued_on", "expires_on", "expires_in_days",
"fingerprint_sha256", "serial_number"}.
Exit 1 when --expiring finds any or the shield does not answer, 2 when the command line is wrong.`,
  run: runList,
}

async function runList({ values }: Call, io: CommandIo): Promise<ExitCode> {
  const filter = readFilter(values)
  if (!filter.ok) return refuse(io, filter.error)
  const shield = await readShield(process.env, process.cwd())
  if (!shield.ok) return refuse(io, shield.error)
  const { status, expiringDays } = filter.value
  const nowMs = Date.now()
  let count = 0
  for await (const page of listCertificates(shield.value, status)) {
    if (!page.ok) return fail(io, page.error)
    for (const certificate of page.value) {
      const days = daysLeft(certificate, nowMs)
      if (expiringDays !== null && days >= expiringDays) continue
      count++
      await io.print(certificateRow(certificate, nowMs))
      if (expiringDays !== null) io.tell(`${calledBy(certificate)}: ${inWords(days)}`)
    }
  }
  io.tell(count === 1 ? '1 certificate' : `${count} certificates`)
  return expiringDays !== null && count > 0 ? 1 : 0
}

type Filter = { readonly status: string; readonly expiringDays: number | null }

function readFilter(values: Call['values']): Result<Filter, string> {
  const status = values.get('status')
  const expiring = values.get('expiring')
  if (status !== undefined && !STATUSES.includes(status))
    return err(`--status must be one of ${STATUSES.join(', ')}`)
  if (expiring === undefined) return ok({ status: status ?? 'all', expiringDays: null })
  if (!/^\d{1,5}$/.test(expiring)) return err('--expiring must be a number of days')
  // One that is revoked may expire in peace.
  if (status !== undefined && status !== 'active')
    return err('--expiring is about active certificates')
  return ok({ status: 'active', expiringDays: Number(expiring) })
}

function inWords(days: number): string {
  if (days < 0) return 'has expired'
  return days === 0 ? 'expires within a day' : `expires in ${days} ${days === 1 ? 'day' : 'days'}`
}
