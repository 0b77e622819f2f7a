/** What a step of the demo is: something done, and what has to come back, in the words that are printed. */
import type Cloudflare from 'cloudflare'
import type { Edge } from '../../edge/start.ts'

/** What every step works with; it does not change. */
export type World = {
  readonly edge: Edge
  /** The official SDK, pointed at the shield. */
  readonly client: Cloudflare
  readonly tools: Tools
  /** Keys and certificates of the demo's clients, `<name>.pem` and `<name>-key.pem`. */
  readonly directory: string
}

/** Which of the programs that can do a job are there. */
export type Tools = {
  readonly sensor: 'sensor.py' | 'sensor.sh'
  readonly keys: 'cfssl' | 'openssl'
}

/** What earlier steps found out. */
export type Knowledge = {
  /** Client → id of its certificate. */
  readonly certificateIds: Readonly<Record<string, string>>
  /** What was tried → ray id of the answer. */
  readonly rays: Readonly<Record<string, string>>
}

export type Sight = {
  /** What came back, without what differs from run to run. */
  readonly saw: string
  readonly certificateIds?: Knowledge['certificateIds']
  readonly rays?: Knowledge['rays']
}

export type Step = {
  readonly does: string
  readonly run: (world: World, knowledge: Knowledge) => Promise<Sight>
  readonly comesBack: string
}
