/** Options that several certificate commands have. Errors are one line. */
import { err, ok, type Result } from '#engines/result'
import type { Call } from '../command.ts'

type Values = Call['values']

/** As Cloudflare's API has it: 15 years. */
const VALIDITY_DAYS_MAX = 5_475

/** `--days`; null when it is not given. */
export function readDays(values: Values): Result<number | null, string> {
  const text = values.get('days')
  if (text === undefined) return ok(null)
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return days >= 1 && days <= VALIDITY_DAYS_MAX
    ? ok(days)
    : err(`--days must be a number from 1 to ${VALIDITY_DAYS_MAX}`)
}

/** The one operand of commands about one certificate. */
export function readId({ operands }: Call): Result<string, string> {
  const [id, ...more] = operands
  return id !== undefined && id !== '' && more.length === 0
    ? ok(id)
    : err('exactly one ID is expected; cert list shows them')
}

/**
 * The password of `--p12`, from the environment variable that `--password-env` names: a command line can be read by others.
 * Null when no PKCS#12 file is asked for.
 */
export function readPassword(
  values: Values,
  environment: Readonly<Record<string, string | undefined>>,
): Result<string | null, string> {
  const variable = values.get('password-env')
  if (!values.has('p12'))
    return variable === undefined ? ok(null) : err('--password-env is of use with --p12 only')
  if (variable === undefined)
    return err('--p12 needs --password-env VAR, the environment variable that holds the password')
  const password = environment[variable] ?? ''
  return password === '' ? err(`the environment variable ${variable} is empty`) : ok(password)
}
