/** Texts read as the types that a schema names: where several fit, the narrowest first. */
import { parseJson } from '../json-text.ts'
import { requestLimits } from '../limits.ts'
import type { ValueKind } from '../value-kinds.ts'
import type { Structure } from './structure.ts'
import type { ValueShape } from './value-shape.ts'

/** Every reading of a text that the kinds allow; the text itself is always the last one. */
export function readingsOf(kinds: readonly ValueKind[], text: string): readonly unknown[] {
  // What most parameters are.
  if (kinds.length === 1 && kinds[0] === 'string') return [text]
  const readings: unknown[] = []
  const isNumber = kinds.includes('number') || kinds.includes('integer')
  if (isNumber && NUMBER.test(text)) readings.push(Number(text))
  const isBoolean = text === 'true' || text === 'false'
  if (isBoolean && kinds.includes('boolean')) readings.push(text === 'true')
  if (isNothing(kinds, text)) readings.push(null)
  readings.push(text)
  return readings
}

/** As JSON writes numbers: what a server reads from other spellings differs from server to server. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The empty text is no number and no boolean, so there it stands for nothing at all. */
function isNothing(kinds: readonly ValueKind[], text: string): boolean {
  if (text === '') return kinds.includes('null') || !kinds.includes('string')
  return text === 'null' && kinds.includes('null')
}

/** The value as its narrowest readings have it. */
export function typed(structure: Structure, shape: ValueShape): unknown {
  switch (structure.kind) {
    case 'text':
      return jsonIn(structure.text, shape) ?? readingsOf(shape.kinds, structure.text)[0]
    case 'list': {
      const items = shape.items()
      return structure.items.map((item) => typed(item, items))
    }
    case 'members':
      // Own members whatever their names are.
      return Object.fromEntries(
        Array.from(structure.members, ([name, value]) => [name, typed(value, shape.member(name))]),
      )
  }
}

/** OpenAPI leaves open how an object inside a list or an object is written; clients write it as JSON. */
function jsonIn(text: string, { kinds }: ValueShape): unknown {
  const isNested = kinds.includes('object') || kinds.includes('array')
  if (!isNested || kinds.includes('string') || !/^[[{]/.test(text)) return null
  const { bodyDepthMax, bodyKeysMax } = requestLimits
  const json = parseJson(text, { depthMax: bodyDepthMax, keysMax: bodyKeysMax })
  return json.ok ? json.value : null
}
