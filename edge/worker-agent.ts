/**
 * Connections to the Worker, kept for the next request. The Worker may answer and hang up while an upload
 * is still being written, as a shield that refuses a request without reading it does. Node would destroy
 * the connection at the first failed write and lose the answer that is already there; these connections
 * take a failed write for written and leave it to the reading side to say how the request ended.
 */
import { Agent } from 'node:http'
import { Socket, type TcpNetConnectOpts } from 'node:net'

// workerd closes a connection that was quiet for 5 seconds; a request must not meet it halfway.
const IDLE_TIMEOUT_MS = 3000

type Done = (error?: Error | null) => void

class AnswerFirstSocket extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    super._write(chunk, encoding, () => done())
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], done: Done): void {
    super._writev?.(chunks, () => done())
  }
}

/** The agent for requests to one Worker on loopback. */
export function createWorkerAgent(target: TcpNetConnectOpts): Agent {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_TIMEOUT_MS })
  agent.createConnection = () => new AnswerFirstSocket().connect(target)
  return agent
}
