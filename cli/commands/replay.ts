/** `replay`: what rules and schemas would have done to recorded traffic. */
import { err, ok, type Result } from '#engines/result'
import type { SessionCharacteristic } from '#engines/sessions'
import type { Call, Command, CommandIo, ExitCode } from '../command.ts'
import { cliLimits } from '../limits.ts'
import { replayFiles } from '../replay/files.ts'
import { createJudge } from '../replay/judge.ts'
import { loadEnforced } from '../replay/load.ts'
import { createReplayMemory } from '../replay/memory.ts'
import type { SchemaAction } from '../replay/schemas.ts'
import { createTally } from '../replay/tally.ts'

export const replay: Command = {
  name: 'replay',
  summary: 'Tells what rules and schemas would have done to recorded traffic',
  operands: 'FILE…',
  options: {
    rules: { value: 'DIR', summary: 'the rule files' },
    schemas: { value: 'DIR', summary: 'the OpenAPI documents' },
    session: {
      value: 'header:NAME|cookie:NAME',
      isRepeatable: true,
      summary: 'what identifies a session; of several the first that a request has',
    },
    host: { value: 'HOST', summary: 'the host where a recording does not name it' },
    'schema-action': {
      value: 'ACTION',
      summary: 'none, log or block for documents that do not say; log when not given',
    },
    requests: { value: 'N', summary: 'examples for each rule; 10 when not given' },
  },
  help: `Reads HAR files, access logs (common, combined, vhost_combined) and JSON lines of {time_ms, method, url, status,
request_headers, request_body?, response_headers?, response_bytes?, origin_ms?, client_ip?}; each may be .gz.
Prints for each rule, in order, {"rule", "ruleset", "description", "action", "matched", "requests": [{"file", "line",
"method", "url", "reason"?, "missing_step"?, "violations"?}, …]} and at the end {"summary": {"requests", "passed", "noted",
"blocked", …}}. As in the shield the first block ends a request. Fields that a recording cannot tell are missing;
"unknown_fields" names those that a rule reads. In a HAR file "line" is the number of the entry.
Rate limits count and sequences are stepped in the order of the recorded times, by the code of the shield. What a rule
blocks did not happen, whatever the recording says became of it: a limit that refuses it does not count it, it is no step,
and its recorded answer counts for nothing. Answers count when "origin_ms" is over; "mode: approximate" counts exactly.
"out_of_order" are requests too far from their place to be put in order, "forgotten" counters and sessions that had to make
room, "clients_unknown" requests without an address. The claims of tokens are not in a recording: sessions that a claim
names are not seen, but the header that carries the token may do in its place (--session header:authorization).
Exit 1 when a request would have been stopped, 2 when a file or a line of it cannot be read.`,
  run: runReplay,
}

async function runReplay({ operands, values, lists }: Call, io: CommandIo): Promise<ExitCode> {
  const settings = readSettings(operands, values, lists.get('session') ?? [])
  if (!settings.ok) {
    io.tell(settings.error)
    return 2
  }
  const { examplesMax, defaultHost, sessionIdentifiers, ...asked } = settings.value
  const loaded = await loadEnforced({ ...asked, hasSessions: sessionIdentifiers.length > 0 })
  if (!loaded.ok) {
    for (const message of loaded.error) io.tell(message)
    return 2
  }
  const { enforced, rules, notes } = loaded.value
  for (const note of notes) io.tell(note)
  const tally = createTally(rules, examplesMax)
  const memory = createReplayMemory()
  const judge = createJudge({ enforced, memory, defaultHost, sessionIdentifiers })
  const replayed = await replayFiles(operands, { judge, tally, io })
  for (const row of tally.rows()) {
    await io.print(row)
    if (row.unknown_fields !== undefined)
      io.tell(`${row.rule}: a recording cannot tell ${row.unknown_fields.join(', ')}`)
  }
  const counts = tally.counts()
  await io.print({ summary: { ...counts, ...replayed, forgotten: memory.forgotten() } })
  if (replayed.unreadable > 0) return 2
  return counts.blocked + counts.url_too_long > 0 ? 1 : 0
}

type Settings = {
  readonly rules: string | null
  readonly schemas: string | null
  readonly defaultHost: string
  readonly defaultAction: SchemaAction
  readonly examplesMax: number
  readonly sessionIdentifiers: readonly SessionCharacteristic[]
}

/** The error is one line. */
function readSettings(
  files: readonly string[],
  values: ReadonlyMap<string, string>,
  sessions: readonly string[],
): Result<Settings, string> {
  const rules = values.get('rules') ?? null
  const schemas = values.get('schemas') ?? null
  const defaultAction = values.get('schema-action') ?? 'log'
  const examples = values.get('requests') ?? '10'
  if (files.length === 0) return err('replay needs at least one FILE of recorded traffic')
  if (rules === null && schemas === null)
    return err('replay needs --rules DIR, --schemas DIR or both')
  if (!isSchemaAction(defaultAction)) return err('--schema-action must be none, log or block')
  const examplesMax = /^\d{1,6}$/.test(examples) ? Number(examples) : Number.NaN
  if (!(examplesMax <= cliLimits.examplesMax))
    return err(`--requests must be a number from 0 to ${cliLimits.examplesMax}`)
  const sessionIdentifiers = sessions.flatMap(readIdentifier)
  if (sessionIdentifiers.length < sessions.length)
    return err(
      '--session must be header:NAME or cookie:NAME; the claims of tokens are not in a recording',
    )
  const defaultHost = values.get('host') ?? ''
  return ok({ rules, schemas, defaultHost, defaultAction, examplesMax, sessionIdentifiers })
}

/** Nothing when it is none. */
function readIdentifier(text: string): readonly SessionCharacteristic[] {
  const [, type, name] = /^(header|cookie):([^\s:;=,]+)$/.exec(text) ?? []
  if (name === undefined) return []
  return [{ type: type === 'cookie' ? 'cookie' : 'header', name }]
}

function isSchemaAction(value: string): value is SchemaAction {
  return value === 'none' || value === 'log' || value === 'block'
}
