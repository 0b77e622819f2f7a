/**
 * Reads the name constraints extension (RFC 5280 §4.2.1.10) into sets that names can be looked up in. A
 * constraint that is not well formed makes the whole extension null: half a constraint is none.
 */
import { derTag, readElements, readSequence, type DerElement } from './der.ts'
import { readSmallInteger } from './der-values.ts'
import { constraintKey, nameForms, wildcardKey, type NameForm } from './general-names.ts'

/** Constraint keys by form; a form that is not constrained is absent. */
type Subtrees = ReadonlyMap<NameForm, ReadonlySet<string>>

export type NameConstraints = {
  /** A name of a form that occurs here must be within one of its subtrees. */
  readonly permitted: Subtrees
  readonly excluded: Subtrees
  /** Context tags of constrained forms that we cannot compare: a certificate with such a name is refused. */
  readonly unknownForms: ReadonlySet<number>
}

/** NameConstraints ::= SEQUENCE { [0] permittedSubtrees, [1] excludedSubtrees }, or null. */
export function readNameConstraints(value: Uint8Array): NameConstraints | null {
  const parts = readSequence(value)
  // "Conforming CAs MUST NOT issue certificates where name constraints is an empty sequence."
  if (parts === null || parts.length === 0) return null
  const permitted = readSubtrees(parts.find(({ tag }) => tag === subtreesTag.permitted))
  const excluded = readSubtrees(parts.find(({ tag }) => tag === subtreesTag.excluded))
  const tags = parts.map(({ tag }) => tag).join()
  if (permitted === null || excluded === null || !allowedParts.has(tags)) return null
  return {
    permitted: permitted.keys,
    excluded: withWildcards(excluded.keys),
    unknownForms: new Set([...permitted.unknownForms, ...excluded.unknownForms]),
  }
}

const subtreesTag = { permitted: 0xa0, excluded: 0xa1 } as const
const allowedParts = new Set([
  `${subtreesTag.permitted}`,
  `${subtreesTag.excluded}`,
  `${subtreesTag.permitted},${subtreesTag.excluded}`,
])

type SubtreeList = { readonly keys: Subtrees; readonly unknownForms: readonly number[] }

/** GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree. */
function readSubtrees(list: DerElement | undefined): SubtreeList | null {
  if (list === undefined) return { keys: new Map(), unknownForms: [] }
  const members = readElements(list.content)
  if (members === null || members.length === 0) return null
  const keys = new Map<NameForm, Set<string>>()
  const unknownForms: number[] = []
  for (const member of members) {
    const base = readBase(member)
    if (base === null) return null
    const form = nameForms[base.tag]
    if (form === undefined) {
      unknownForms.push(base.tag)
      continue
    }
    const key = constraintKey(form, base)
    if (key === null) return null
    keys.set(form, (keys.get(form) ?? new Set()).add(key))
  }
  return { keys, unknownForms }
}

/** "Within this profile, the minimum and maximum fields are not used": minimum is 0, maximum absent. */
function readBase(subtree: DerElement): DerElement | null {
  const [base, minimum, ...rest] = readSequence(subtree.der) ?? []
  if (base === undefined || rest.length > 0) return null
  if (minimum === undefined) return base
  const isZero = minimum.tag === 0x80 && readSmallInteger({ ...minimum, tag: derTag.integer }) === 0
  return isZero ? base : null
}

function withWildcards(excluded: Subtrees): Subtrees {
  const names = excluded.get('dns')
  if (names === undefined) return excluded
  return new Map([...excluded, ['dns', new Set([...names].flatMap((n) => [n, wildcardKey(n)]))]])
}
