/**
 * The way of a request, in order. The first stage that answers ends it; run.ts walks the list and writes down what
 * happened. docs/request-journey.md tells the same story in words.
 */
import { decide } from './decide.ts'
import { identify } from './identify.ts'
import { normalise } from './normalise.ts'
import { forward } from './origin.ts'
import { remember } from './remember.ts'
import { sample } from './sample.ts'
import type { Stage } from './stage.ts'

export const JOURNEY: readonly Stage[] = [
  // First, so that whatever is judged later is what the origin will get.
  { name: 'normalise', run: normalise },
  // Before any rule: fields and settings speak of the operation.
  { name: 'identify', run: identify },
  // All that can stop a request; detectors run here when a rule asks for what they fill.
  { name: 'decide', run: decide },
  // Who was let through is remembered, where a rule about sessions will ask.
  { name: 'remember', run: remember },
  // Of who was let through, some are measured, so that limits can be recommended.
  { name: 'sample', run: sample },
  // Last: the origin only ever sees who was let through.
  { name: 'forward', run: forward },
]
