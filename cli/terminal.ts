/** The standard streams of the process as commands see them. */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { CommandIo } from './command.ts'

type Streams = {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly exit: (code: number) => never
}

const ERASE_LINE = '\r\u001B[K'

export function createTerminal({ stdin, stdout, stderr, exit }: Streams): CommandIo {
  // Whoever reads our output may have seen enough (`| head`): then there is nobody left to work for.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') exit(0)
    throw error
  })
  let drawn = ''
  return {
    stdin,
    async print(row) {
      if (!stdout.write(`${JSON.stringify(row)}\n`)) await once(stdout, 'drain')
    },
    tell(message) {
      stderr.write(drawn === '' ? `${message}\n` : `${ERASE_LINE}${message}\n${drawn}`)
    },
    draw(line) {
      if (!stderr.isTTY) return
      drawn = line
      stderr.write(`${ERASE_LINE}${line}`)
    },
  }
}
