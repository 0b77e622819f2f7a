/** URL-encoded forms (URL Standard §5): names and values to the object that the schema speaks of. */
import { err, ok } from '#engines/result'
import { jsonPathStep } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import { type DeepValue, deepPath, isAppended, readDeepObject } from '../parameters/deep-object.ts'
import { parseQuery } from '../parameters/raw-pairs.ts'
import { formDecoded } from '../parameters/structure.ts'
import { typed } from '../parameters/typed.ts'
import type { Violation } from '../violations.ts'
import { bodyViolation, type BodyReader, type CompiledContent, decodeUtf8 } from './body-reader.ts'
import { readMember } from './form-member.ts'

export const readForm: BodyReader = (bytes, _mediaType, content) => {
  const text = decodeUtf8(bytes)
  if (text === null) return err([bodyViolation('not_utf8')])
  const { values, isCut } = parseQuery(text, requestLimits.formMembersMax)
  if (isCut) return err([bodyViolation('too_many_keys', String(requestLimits.formMembersMax))])
  const texts = new Map<string, readonly string[]>()
  for (const [name, raw] of values) {
    const read = raw.map(formDecoded)
    const broken = read.find((each) => !each.ok)
    if (broken !== undefined && !broken.ok) {
      const kind = broken.error === 'not_utf8' ? 'not_utf8' : 'bad_form'
      return err([bodyViolation(kind, '', targetOf(name))])
    }
    texts.set(
      name,
      read.flatMap((each) => (each.ok ? [each.value] : [])),
    )
  }
  const violations: Violation[] = []
  const members: (readonly [string, unknown])[] = []
  const deep = deepMembers(texts, content, violations)
  members.push(...deep.members)
  for (const [name, given] of texts) {
    if (deep.claimed.has(name)) continue
    const member = readMember({
      target: targetOf(name),
      texts: given,
      shape: content.shape.member(name),
      encoding: content.encoding.get(name),
    })
    if (member.ok) members.push([name, member.value])
    else violations.push(member.error)
  }
  return violations.length > 0 ? err(violations) : ok([Object.fromEntries(members)])
}

export function targetOf(name: string): string {
  return `$${jsonPathStep(name.slice(0, requestLimits.targetCharsMax))}`
}

type DeepMembers = {
  readonly members: readonly (readonly [string, unknown])[]
  readonly claimed: ReadonlySet<string>
}

/** `address[city]=…`: members that are objects or lists, written with brackets. */
function deepMembers(
  texts: ReadonlyMap<string, readonly string[]>,
  { shape }: CompiledContent,
  violations: Violation[],
): DeepMembers {
  const members: (readonly [string, unknown])[] = []
  const claimed = new Set<string>()
  const bracketed = [...texts].filter(([name]) => name.includes('['))
  for (const [property, given] of Map.groupBy(bracketed, ([name]) => name.split('[', 1)[0] ?? '')) {
    const own = shape.member(property)
    const isDeep = own.kinds.includes('object') || own.kinds.includes('array')
    if (!isDeep || !shape.names.has(property)) continue
    const deep: DeepValue[] = []
    for (const [name, [text = '', ...more]] of given) {
      const path = deepPath(name, property)
      if (path === null) continue
      claimed.add(name)
      deep.push({ path, text })
      if (isAppended(name)) deep.push(...more.map((each) => ({ path, text: each })))
      else if (more.length > 0) violations.push(bodyViolation('repeated', '', targetOf(name)))
    }
    if (deep.length === 0) continue
    const read = readDeepObject(deep, own)
    if (read.ok) members.push([property, typed(read.value, own)])
    else violations.push(bodyViolation('type', own.kinds[0] ?? 'object', targetOf(property)))
  }
  return { members, claimed }
}
