/** `cert reissue`: a successor for a client certificate of the running shield, with the same subject. */
import { ok, type Result } from '#engines/result'
import { reissueCertificate, type ReissueRequest } from '../certificates/client-certificates.ts'
import { certificateFiles, readRequestFile, replaceFile } from '../certificates/files.ts'
import { readDays, readId } from '../certificates/options.ts'
import { calledBy, certificateRow, fail, refuse } from '../certificates/rows.ts'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { readShield } from '../shield.ts'

export const certReissue: Command = {
  name: 'cert reissue',
  summary: 'Has a client certificate of the running shield issued anew',
  operands: 'ID',
  options: {
    csr: {
      value: 'FILE',
      summary: 'a signing request (PEM) for a new key; the same key when not given',
    },
    days: { value: 'N', summary: 'validity, 1 to 5475; as long as before when not given' },
    out: { value: 'DIR', summary: 'where the file goes; the present directory when not given' },
    'revoke-previous': { summary: 'the old certificate stops counting at once' },
  },
  help: `The certificate goes to NAME.cert.pem, named after its common name, and replaces what was there. Without
--revoke-previous both certificates count until the old one expires.
Prints {"id", "common_name", "status", "expires_on", …, "files": {…}}.
Exit 1 when the shield refuses or the file cannot be written, 2 when the command line is wrong.`,
  run: runReissue,
}

async function runReissue(call: Call, io: CommandIo): Promise<ExitCode> {
  const id = readId(call)
  if (!id.ok) return refuse(io, id.error)
  const request = await readRequest(call)
  if (!request.ok) return refuse(io, request.error)
  const shield = await readShield(process.env, process.cwd())
  if (!shield.ok) return refuse(io, shield.error)
  const reissued = await reissueCertificate(shield.value, id.value, request.value)
  if (!reissued.ok) return fail(io, reissued.error)
  const certificate = reissued.value
  const name = certificate.common_name ?? certificate.id
  const path = certificateFiles(call.values.get('out') ?? '.', name).certificate
  const written = await replaceFile(path, certificate.certificate)
  const files = written.ok ? { certificate: path } : {}
  await io.print({ ...certificateRow(certificate, Date.now()), files })
  io.tell(`issued ${calledBy(certificate)}, valid until ${certificate.expires_on}`)
  io.tell(written.ok ? `  ${path}` : written.error)
  return written.ok ? 0 : 1
}

async function readRequest({ values }: Call): Promise<Result<ReissueRequest, string>> {
  const days = readDays(values)
  if (!days.ok) return days
  const file = values.get('csr')
  const csr = file === undefined ? ok(null) : await readRequestFile(file)
  if (!csr.ok) return csr
  return ok({
    ...(csr.value === null ? {} : { csr: csr.value }),
    ...(days.value === null ? {} : { validity_days: days.value }),
    revoke_previous: values.has('revoke-previous'),
  })
}
