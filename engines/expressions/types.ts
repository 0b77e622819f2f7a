/** The type system of the rules language: four scalars, and arrays and maps (with text keys) of one type. */
export type Type =
  | { readonly kind: 'Bool' | 'Int' | 'Bytes' | 'Ip' }
  | { readonly kind: 'Array' | 'Map'; readonly of: Type }

/** Types that a value expression may be asked to have, as `typeName` writes them. */
export type ValueTypeName = 'Bool' | 'Int' | 'Bytes' | 'Ip' | 'Array<Bytes>'

export const BOOL: Type = { kind: 'Bool' }
export const INT: Type = { kind: 'Int' }
export const BYTES: Type = { kind: 'Bytes' }
export const IP: Type = { kind: 'Ip' }

/** An array whose elements all have one type. */
export function arrayOf(of: Type): Type {
  return { kind: 'Array', of }
}

/** A map from text to values of one type. */
export function mapOf(of: Type): Type {
  return { kind: 'Map', of }
}

/** The type as the documentation writes it, for example `Map<Array<Bytes>>`. */
export function typeName(type: Type): string {
  return 'of' in type ? `${type.kind}<${typeName(type.of)}>` : type.kind
}

/** Whether two types are the same, elements included. */
export function isSameType(left: Type, right: Type): boolean {
  if ('of' in left)
    return 'of' in right && left.kind === right.kind && isSameType(left.of, right.of)
  return left.kind === right.kind
}
