/** `cert revoke`: a client certificate of the running shield stops counting. */
import { revokeCertificate } from '../certificates/client-certificates.ts'
import { readId } from '../certificates/options.ts'
import { calledBy, certificateRow, fail, refuse } from '../certificates/rows.ts'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { readShield } from '../shield.ts'

export const certRevoke: Command = {
  name: 'cert revoke',
  summary: 'Revokes a client certificate of the running shield',
  operands: 'ID',
  options: {},
  help: `The next request with the certificate is judged without it. Revoking twice changes nothing the second time.
Prints {"id", "common_name", "status": "revoked", …}.
Exit 1 when the shield refuses, 2 when the command line is wrong.`,
  run: runRevoke,
}

async function runRevoke(call: Call, io: CommandIo): Promise<ExitCode> {
  const id = readId(call)
  if (!id.ok) return refuse(io, id.error)
  const shield = await readShield(process.env, process.cwd())
  if (!shield.ok) return refuse(io, shield.error)
  const revoked = await revokeCertificate(shield.value, id.value)
  if (!revoked.ok) return fail(io, revoked.error)
  await io.print(certificateRow(revoked.value, Date.now()))
  io.tell(`revoked ${calledBy(revoked.value)}`)
  return 0
}
