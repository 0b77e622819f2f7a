/** Tells a story: does its steps in order, writes a line on each, and counts those that came back otherwise than told. */
import type { Knowledge, Step, World } from './steps/step.ts'

export type Telling = {
  readonly story: readonly Step[]
  readonly world: World
  readonly log: (line: string) => void
  /** Ends the telling without a word on the step under way. */
  readonly signal: AbortSignal
}

/** Resolves with the number of steps that differ. A step that differs does not keep the others from being tried. */
export async function tell({ story, world, log, signal }: Telling): Promise<number> {
  const width = Math.max(...story.map(({ does }) => does.length))
  let knowledge: Knowledge = { certificateIds: {}, rays: {} }
  let differing = 0
  for (const { does, run, comesBack } of story) {
    const { saw, certificateIds, rays } = await attempt(() => run(world, knowledge))
    if (signal.aborted) break
    knowledge = {
      certificateIds: { ...knowledge.certificateIds, ...certificateIds },
      rays: { ...knowledge.rays, ...rays },
    }
    const isAsTold = saw === comesBack
    log(`${isAsTold ? '✓' : '✗'} ${does.padEnd(width)} → ${saw}`)
    if (isAsTold) continue
    differing += 1
    log(`  ${' '.repeat(width)}   expected: ${comesBack}`)
  }
  return differing
}

/** The SDK throws what the shield refuses; a step that fails is shown as one that differs. */
async function attempt(run: () => ReturnType<Step['run']>): ReturnType<Step['run']> {
  try {
    return await run()
  } catch (error) {
    return { saw: error instanceof Error ? error.message : String(error) }
  }
}
