/** What a command of `portcullis` is. Each is one file in commands/, and commands.ts lists them. */

/** 0 all is well, 1 there are findings, 2 the command line or the input is wrong. */
export type ExitCode = 0 | 1 | 2

type CommandOption = {
  /** What stands for its value in the help; an option without it is a switch. */
  readonly value?: string
  /** It may be given several times; `Call.lists` has the values. */
  readonly isRepeatable?: true
  readonly summary: string
}

export type Command = {
  /** As it is typed: `rules check`. */
  readonly name: string
  readonly summary: string
  /** What stands for its operands in the help, such as `FILE…`; null when it takes none. */
  readonly operands: string | null
  readonly options: { readonly [name: string]: CommandOption }
  /** What it reads, what it prints, and what its exit codes mean. */
  readonly help: string
  run(call: Call, io: CommandIo): Promise<ExitCode>
}

/** A command line that fits the command. */
export type Call = {
  readonly operands: readonly string[]
  /** Options with a value. */
  readonly values: ReadonlyMap<string, string>
  /** Repeatable options with their values in the order in which they were given. */
  readonly lists: ReadonlyMap<string, readonly string[]>
}

/** All that a command touches beside files. */
export type CommandIo = {
  readonly stdin: AsyncIterable<Uint8Array>
  /** One line of JSON on standard output; waits while the reader is behind. */
  print(row: object): Promise<void>
  /** One message on standard error. */
  tell(message: string): void
  /** Redraws the line under the messages; does nothing when standard error is no terminal. */
  draw(line: string): void
}
