/** Parameters into texts by their styles, as RFC 6570 expands them (OpenAPI 3.1.1, "Style Values"). */

export type Style = { readonly style: string; readonly explode: boolean; readonly name: string }

type Encode = (text: string) => string

/** Of path variables, headers and cookies: the text that stands in their place. */
export function serialized(
  value: unknown,
  { style, explode, name }: Style,
  encode: Encode,
): string {
  const texts = { scalar: (one: unknown) => encode(textOf(one)) }
  const members = Object.entries(isObject(value) ? value : {})
  const pairs = (between: string): readonly string[] =>
    members.map(([key, one]) => `${encode(key)}${between}${texts.scalar(one)}`)
  const items = Array.isArray(value) ? value.map(texts.scalar) : null
  switch (style) {
    case 'label':
      if (items !== null) return `.${items.join(explode ? '.' : ',')}`
      if (isObject(value)) return `.${explode ? pairs('=').join('.') : pairs(',').join(',')}`
      return `.${texts.scalar(value)}`
    case 'matrix':
      if (items !== null) {
        return explode
          ? items.map((item) => `;${name}=${item}`).join('')
          : `;${name}=${items.join(',')}`
      }
      if (isObject(value)) {
        return explode
          ? pairs('=')
              .map((pair) => `;${pair}`)
              .join('')
          : `;${name}=${pairs(',').join(',')}`
      }
      return `;${name}=${texts.scalar(value)}`
    default:
      if (items !== null) return items.join(',')
      return isObject(value) ? pairs(explode ? '=' : ',').join(',') : texts.scalar(value)
  }
}

/** Of queries and forms: `name=value` pairs, encoded. */
export function serializedPairs(value: unknown, how: Style): readonly string[] {
  const { style, explode, name } = how
  const key = encodeURIComponent(name)
  if (style === 'deepObject') return deepPairs(value, name)
  const delimiter = { spaceDelimited: '%20', pipeDelimited: '%7C' }[style] ?? ','
  if (Array.isArray(value)) {
    const items = value.map((item) => encodeURIComponent(textOf(item)))
    if (explode) return items.map((item) => `${key}=${item}`)
    return items.length === 0 ? [] : [`${key}=${items.join(delimiter)}`]
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([member, one]) => ({
      name: encodeURIComponent(member),
      text: encodeURIComponent(textOf(one)),
    }))
    if (explode && style === 'form') return members.map(({ name: own, text }) => `${own}=${text}`)
    return [`${key}=${members.flatMap(({ name: own, text }) => [own, text]).join(delimiter)}`]
  }
  return [`${key}=${encodeURIComponent(textOf(value))}`]
}

function deepPairs(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => deepPairs(item, `${name}[${index}]`))
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, one]) => deepPairs(one, `${name}[${key}]`))
  }
  return [`${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
