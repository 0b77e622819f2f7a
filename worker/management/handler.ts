/** What every resource is made of: a call comes in, an answer or a list of problems goes out. */
import type { Result } from '#engines/result'
import type { Answer, Problems } from './envelope.ts'
import type { ManagementPorts } from './ports.ts'

export type Call = {
  readonly ports: ManagementPorts
  readonly request: Request
  readonly query: URLSearchParams
  /** The named parts of the path; empty text for a part which the route does not have. */
  readonly param: (name: string) => string
  /** For the audit log: which token, never the token. */
  readonly actor: string
}

export type Outcome = Result<Answer, Problems>

export type Handler = (call: Call) => Promise<Outcome>
