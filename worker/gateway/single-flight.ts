/**
 * One answer for all who ask for the same thing while it is under way. It goes on when the client that caused it hangs up;
 * should it be lost with that request all the same, whoever waits for it asks anew.
 */
export type SingleFlight<T> = {
  /** Rejects as `run` does; a failure is not remembered. */
  ask(key: string, run: () => Promise<T>, later: Later): Promise<T>
}

export type Later = (work: Promise<unknown>) => void

/** A question that has not come back by then was lost with the request that asked it. */
const LOST_AFTER_MS = 10_000

export function createSingleFlight<T>(wait: (ms: number) => Promise<unknown>): SingleFlight<T> {
  const flying = new Map<string, Promise<T>>()

  function begin(key: string, run: () => Promise<T>, later: Later): Promise<T> {
    const question = run().finally(() => forget(key, question))
    flying.set(key, question)
    later(question.catch(() => {}))
    return question
  }

  function forget(key: string, question: Promise<T>): void {
    if (flying.get(key) === question) flying.delete(key)
  }

  return {
    async ask(key, run, later) {
      const known = flying.get(key)
      if (known === undefined) return begin(key, run, later)
      const answer = known.then((value) => ({ value }))
      const first = await Promise.race([answer, wait(LOST_AFTER_MS).then(() => null)])
      if (first !== null) return first.value
      forget(key, known)
      return begin(key, run, later)
    },
  }
}
