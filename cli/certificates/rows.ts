/** How commands about client certificates answer: a row for programs, a line for whoever typed the command. */
import type { CommandIo, ExitCode } from '../command.ts'
import { describeManagementFailure, type ManagementFailure } from '../management-api.ts'
import type { ListedCertificate } from './client-certificates.ts'

/** What is worth knowing of a certificate without its text. */
export function certificateRow(certificate: ListedCertificate, nowMs: number): object {
  const { id, common_name, organization, status, issued_on, expires_on } = certificate
  const { fingerprint_sha256, serial_number } = certificate
  return {
    id,
    common_name,
    organization,
    status,
    issued_on,
    expires_on,
    expires_in_days: daysLeft(certificate, nowMs),
    fingerprint_sha256,
    serial_number,
  }
}

/** Whole days until it expires; below 0 afterwards. */
export function daysLeft({ expires_on }: ListedCertificate, nowMs: number): number {
  return Math.floor((Date.parse(expires_on) - nowMs) / 86_400_000)
}

/** How a message calls it. Whoever asked for a certificate chose its name, and a terminal obeys control characters. */
export function calledBy({ common_name, id }: ListedCertificate): string {
  if (common_name === null || common_name === '') return id
  return `${common_name.replaceAll(/\p{C}/gu, '\uFFFD')} (${id})`
}

/** The command line or what it names is wrong; nothing was done. */
export function refuse(io: CommandIo, message: string): ExitCode {
  io.tell(message)
  return 2
}

/** The shield did not do it. */
export function fail(io: CommandIo, failure: ManagementFailure): ExitCode {
  io.tell(describeManagementFailure(failure))
  return 1
}
