/**
 * The style deepObject: `filter[owner][name]=a&filter[tags][0]=b`. OpenAPI describes one level; deeper ones are read as most
 * servers read them: a bracketed name is a member, a bracketed number in a list its index, `[]` the next one. Lists must be
 * complete.
 */
import { err, ok } from '#engines/result'
import type { DecodeFailure, Structure, Structured } from './structure.ts'
import type { ValueShape } from './value-shape.ts'

/** A value and the bracketed names that lead to it. */
export type DeepValue = { readonly path: readonly string[]; readonly text: string }

/** The bracketed names after `name`, or null when the key is not one of this parameter's. */
export function deepPath(key: string, name: string): readonly string[] | null {
  if (!key.startsWith(`${name}[`) || !key.endsWith(']')) return null
  const path = key.slice(name.length + 1, -1).split('][')
  return path.length <= deepLevelsMax ? path : null
}

/** Levels of brackets; a key with more is another parameter. */
const deepLevelsMax = 8

/** Whether the name may come several times: each time it is another item. */
export function isAppended(key: string): boolean {
  return key.endsWith('[]')
}

export function readDeepObject(values: readonly DeepValue[], shape: ValueShape): Structured {
  const root: Node = { text: null, members: new Map() }
  for (const { path, text } of values) {
    const node = path.reduce(descend, root)
    if (node.text !== null) return err('malformed')
    node.text = text
  }
  return structured(root, shape)
}

type Node = { text: string | null; readonly members: Map<string, Node> }

function descend(node: Node, written: string): Node {
  const step = written === '' ? String(node.members.size) : written
  const known = node.members.get(step)
  if (known !== undefined) return known
  const made: Node = { text: null, members: new Map() }
  node.members.set(step, made)
  return made
}

function structured({ text, members }: Node, shape: ValueShape): Structured {
  if (text !== null) {
    // A list without indexes, or a value that has members as well.
    const isLeaf = members.size === 0 && !mustBeList(shape)
    return isLeaf ? ok({ kind: 'text', text }) : err('malformed')
  }
  return shape.kinds.includes('array') ? readList(members, shape) : readMembers(members, shape)
}

function mustBeList({ kinds }: ValueShape): boolean {
  return kinds.every((kind) => kind === 'array' || kind === 'null')
}

function readMembers(members: ReadonlyMap<string, Node>, shape: ValueShape): Structured {
  const read = new Map<string, Structure>()
  for (const [name, node] of members) {
    const value = structured(node, shape.member(name))
    if (!value.ok) return value
    read.set(name, value.value)
  }
  return ok({ kind: 'members', members: read })
}

function readList(members: ReadonlyMap<string, Node>, shape: ValueShape): Structured {
  const items: Structure[] = []
  const itemShape = shape.items()
  for (let index = 0; index < members.size; index++) {
    const node = members.get(String(index))
    if (node === undefined) return err<DecodeFailure>('malformed')
    const item = structured(node, itemShape)
    if (!item.ok) return item
    items.push(item.value)
  }
  return ok({ kind: 'list', items })
}
