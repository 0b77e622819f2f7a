/**
 * Puts requests in the order of their times, as far as they are out of it by no more than what may be held back. Servers log a
 * request when it ends, recordings are put one behind the other: both are nearly in order.
 */
import type { RecordedRequest } from '#engines/traffic'
import { cliLimits } from '../limits.ts'
import type { Located } from './tally.ts'

/** Requests of one time stay in the order in which they were read. */
export async function* inOrderOfTime(
  batches: AsyncIterable<readonly Located[]>,
  weightMax: number = cliLimits.heldCharactersMax,
): AsyncGenerator<Located> {
  let held: Held[] = []
  let weight = 0
  for await (const batch of batches) {
    for (const located of batch) {
      const each = { located, weight: weightOf(located) }
      held.push(each)
      weight += each.weight
    }
    if (weight <= weightMax) continue
    held.sort(byTime)
    // Half of it, so that sorting is not for each batch.
    let count = 0
    for (const each of held) {
      if (weight <= weightMax / 2) break
      weight -= each.weight
      count += 1
    }
    for (const { located } of held.slice(0, count)) yield located
    held = held.slice(count)
  }
  for (const { located } of held.sort(byTime)) yield located
}

type Held = { readonly located: Located; readonly weight: number }

function byTime(a: Held, b: Held): number {
  return a.located.request.time_ms - b.located.request.time_ms
}

/** What an object takes beside its texts. */
const OBJECT_CHARACTERS = 1_024

function weightOf({ request }: Located): number {
  const { url, request_body = '', request_headers, response_headers } = request
  const headers = lengthOf(request_headers) + lengthOf(response_headers)
  return OBJECT_CHARACTERS + url.length + request_body.length + headers
}

function lengthOf(headers: RecordedRequest['response_headers'] = {}): number {
  let length = 0
  for (const [name, value] of Object.entries(headers)) length += name.length + value.length
  return length
}
