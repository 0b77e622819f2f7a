/** The texts that tell how to use `portcullis`. */
import type { Command } from './command.ts'

const RUN = 'npm run --silent portcullis --'

export function usage(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => ({ left: name, right: summary }))
  return [
    `usage: ${RUN} COMMAND …`,
    '',
    'JSON lines out, messages on standard error. All work on files, without a server, except cert issue, list,',
    'reissue and revoke, which speak to the running shield.',
    'Exit 0 all is well, 1 there are findings, 2 the command line or the input is wrong.',
    '',
    ...columns(rows),
    '',
    `${RUN} COMMAND --help says more.`,
  ].join('\n')
}

export function commandHelp({ name, summary, operands, options, help }: Command): string {
  const rows = Object.entries(options).map(([option, { value, isRepeatable, summary: right }]) => ({
    left: value === undefined ? `--${option}` : `--${option} ${value}`,
    right,
    after: isRepeatable ? '…' : '',
  }))
  const line = [
    `usage: ${RUN} ${name}`,
    ...rows.map(({ left, after }) => `[${left}]${after}`),
    ...(operands === null ? [] : [operands]),
  ].join(' ')
  const described = rows.length === 0 ? [] : ['', ...columns(rows)]
  return [line, '', `${summary}.`, ...described, '', help].join('\n')
}

type Row = { readonly left: string; readonly right: string }

function columns(rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(({ left }) => left.length))
  return rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`)
}

/** The command whose name takes the fewest typing errors to get to; null when none is near. */
export function suggestCommand(
  words: readonly string[],
  commands: readonly Command[],
): string | null {
  const typed = [words.slice(0, 1), words.slice(0, 2)].map((each) => each.join(' ').slice(0, 80))
  const ranked = commands
    .flatMap(({ name }) =>
      // `chekc` alone is near to `rules check` too.
      [name, name.slice(name.lastIndexOf(' ') + 1)].flatMap((spelling) =>
        typed.map((word) => ({ name, errors: distance(word, spelling) / spelling.length })),
      ),
    )
    .toSorted((a, b) => a.errors - b.errors)
  const [nearest] = ranked
  return nearest !== undefined && nearest.errors <= ERRORS_PER_LETTER_MAX ? nearest.name : null
}

/** More errors than this, and the one word has little to do with the other. */
const ERRORS_PER_LETTER_MAX = 0.4

/** Levenshtein's distance, row by row. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1]
    for (let index = 0; index < to.length; index++) {
      const substitution = (row[index] ?? 0) + (from[at] === to[index] ? 0 : 1)
      next.push(Math.min(substitution, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
