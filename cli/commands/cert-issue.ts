/** `cert issue`: a client certificate of the managed authority, for a key that is made here or elsewhere. */
import {
  createSigningRequest,
  type CreatedSigningRequest,
  decodePem,
  encodePem,
} from '#engines/certificates'
import { err, ok, type Result } from '#engines/result'
import { issueCertificate, type ListedCertificate } from '../certificates/client-certificates.ts'
import {
  certificateFiles,
  type CertificateFiles,
  firstTaken,
  readRequestFile,
  removeFile,
  writeNewFile,
} from '../certificates/files.ts'
import { readDays, readPassword } from '../certificates/options.ts'
import { calledBy, certificateRow, fail, refuse } from '../certificates/rows.ts'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { readShield } from '../shield.ts'

export const certIssue: Command = {
  name: 'cert issue',
  summary: 'Has a client certificate issued by the running shield',
  operands: null,
  options: {
    cn: { value: 'NAME', summary: 'common name; key and request are then made here' },
    o: { value: 'NAME', summary: 'organization' },
    csr: { value: 'FILE', summary: 'a signing request (PEM) instead of --cn' },
    days: { value: 'N', summary: 'validity, 1 to 5475; 365 when not given' },
    out: { value: 'DIR', summary: 'where the files go; the present directory when not given' },
    p12: { summary: 'key and certificate as PKCS#12 too, for phones and browsers' },
    'password-env': { value: 'VAR', summary: 'the environment variable with its password' },
  },
  help: `With --cn a key (ECDSA P-256) is made here and written to NAME.key.pem; it never leaves this machine. The certificate goes
to NAME.cert.pem, with --p12 both to NAME.p12 (AES-256, SHA-256). All files have mode 0600; none is overwritten. Systems that
refuse such a NAME.p12, older ones of Apple among them, want the weaker form: openssl pkcs12 -export -legacy.
The shield is found as npm run seed finds it: PORTCULLIS_URL, API_TOKEN, ZONE_ID, or the local one.
Prints {"id", "common_name", "status", "expires_on", "fingerprint_sha256", "serial_number", …, "files": {…}}.
Exit 1 when the shield refuses or a file cannot be written, 2 when the command line is wrong; then nothing was issued.`,
  run: runIssue,
}

async function runIssue(call: Call, io: CommandIo): Promise<ExitCode> {
  const asked = await readAsked(call)
  if (!asked.ok) return refuse(io, asked.error)
  const { files, days, password } = asked.value
  const shield = await readShield(process.env, process.cwd())
  if (!shield.ok) return refuse(io, shield.error)
  const made = await makeKey(asked.value)
  if (!made.ok) return refuse(io, made.error)
  const { csr, privateKeyPkcs8 } = made.value
  const issued = await issueCertificate(shield.value, { csr, validity_days: days })
  if (!issued.ok) {
    // A key without a certificate is of no use, and in the way of the next attempt.
    if (privateKeyPkcs8 !== null) await removeFile(files.key)
    return fail(io, issued.error)
  }
  const certificate = issued.value
  const written = await writeIssued({ files, certificate, privateKeyPkcs8, password })
  await io.print({ ...certificateRow(certificate, Date.now()), files: written.files })
  io.tell(`issued ${calledBy(certificate)}, valid until ${certificate.expires_on}`)
  for (const path of Object.values(written.files)) io.tell(`  ${path}`)
  if (written.error === null) return 0
  io.tell(`${written.error}; the certificate exists all the same: cert list, cert revoke ID`)
  return 1
}

type Asked = {
  readonly files: CertificateFiles
  readonly days: number
  /** Of the PKCS#12 file; null when none is asked for. */
  readonly password: string | null
  readonly subject:
    | { readonly kind: 'request'; readonly csr: string }
    | { readonly kind: 'names'; readonly commonName: string; readonly organization: string | null }
}

async function readAsked({ values }: Call): Promise<Result<Asked, string>> {
  const days = readDays(values)
  if (!days.ok) return days
  const password = readPassword(values, process.env)
  if (!password.ok) return password
  const subject = await readSubject(values)
  if (!subject.ok) return subject
  const isRequest = subject.value.kind === 'request'
  if (isRequest && password.value !== null)
    return err('--p12 needs the private key, which is not here with --csr')
  const name = isRequest ? fileName(values.get('csr') ?? '') : (values.get('cn') ?? '')
  const files = certificateFiles(values.get('out') ?? '.', name)
  const wanted = [
    files.certificate,
    ...(isRequest ? [] : [files.key]),
    ...(password.value === null ? [] : [files.pkcs12]),
  ]
  const taken = await firstTaken(wanted)
  if (taken !== null) return err(`${taken} is there already; nothing was issued`)
  return ok({ files, days: days.value ?? 365, password: password.value, subject: subject.value })
}

async function readSubject(values: Call['values']): Promise<Result<Asked['subject'], string>> {
  const file = values.get('csr')
  const commonName = values.get('cn') ?? ''
  const organization = values.get('o') ?? null
  if (file === undefined && commonName === '')
    return err('cert issue needs --cn NAME or --csr FILE')
  if (file === undefined) return ok({ kind: 'names', commonName, organization })
  if (values.has('cn') || values.has('o'))
    return err('--csr has its names inside: leave --cn and --o out')
  const csr = await readRequestFile(file)
  return csr.ok ? ok({ kind: 'request', csr: csr.value }) : csr
}

/** `keys/sensor.csr.pem` → `sensor`. */
function fileName(path: string): string {
  return path.replace(/^.*[/\\]/, '').replace(/(?:\.(?:csr|req|pem))+$/i, '')
}

type Made = Pick<CreatedSigningRequest, 'csr'> & {
  readonly privateKeyPkcs8: CreatedSigningRequest['privateKeyPkcs8'] | null
}

/** The key is on disk before anything is issued for it. */
async function makeKey({ subject, files }: Asked): Promise<Result<Made, string>> {
  if (subject.kind === 'request') return ok({ csr: subject.csr, privateKeyPkcs8: null })
  const made = await createSigningRequest(subject)
  const written = await writeNewFile(files.key, encodePem('PRIVATE KEY', made.privateKeyPkcs8))
  return written.ok ? ok(made) : written
}

type Issued = {
  readonly files: CertificateFiles
  readonly certificate: ListedCertificate
  readonly privateKeyPkcs8: CreatedSigningRequest['privateKeyPkcs8'] | null
  readonly password: string | null
}

type Written = {
  readonly files: Partial<CertificateFiles>
  /** One line when not all could be written. */
  readonly error: string | null
}

async function writeIssued(issued: Issued): Promise<Written> {
  const { files, certificate, privateKeyPkcs8, password } = issued
  const key = privateKeyPkcs8 === null ? {} : { key: files.key }
  const pem = await writeNewFile(files.certificate, certificate.certificate)
  if (!pem.ok) return { files: key, error: pem.error }
  const both = { ...key, certificate: files.certificate }
  const certificateDer = decodePem(certificate.certificate, ['CERTIFICATE'])
  const [der] = certificateDer.ok ? certificateDer.value : []
  if (password === null || privateKeyPkcs8 === null || der === undefined)
    return { files: both, error: null }
  // The library is only for this.
  const { packPkcs12 } = await import('../certificates/pkcs12.ts')
  const packed = await packPkcs12({ privateKeyPkcs8, certificateDer: der, password })
  const pkcs12 = await writeNewFile(files.pkcs12, packed)
  if (!pkcs12.ok) return { files: both, error: pkcs12.error }
  return { files: { ...both, pkcs12: files.pkcs12 }, error: null }
}
