/** Punycode (RFC 3492): the ASCII form of a label with other characters, without its `xn--`. */

const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const INITIAL_BIAS = 72
const INITIAL_CODE = 128

/** The code points of a label, or null when the text is no Punycode. */
export function decodePunycode(text: string): string | null {
  const delimiter = text.lastIndexOf('-')
  const output = Array.from(text.slice(0, Math.max(0, delimiter)))
  let [code, bias, at] = [INITIAL_CODE, INITIAL_BIAS, 0]
  for (let index = delimiter + 1; index < text.length;) {
    const start = at
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(text.charCodeAt(index))
      index += 1
      if (digit < 0) return null
      at += digit * weight
      const threshold = thresholdAt(k, bias)
      if (digit < threshold) break
      weight *= BASE - threshold
      if (at > Number.MAX_SAFE_INTEGER / BASE) return null
    }
    const length = output.length + 1
    bias = adapt(at - start, length, start === 0)
    code += Math.floor(at / length)
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null
    at %= length
    output.splice(at, 0, String.fromCodePoint(code))
    at += 1
  }
  return output.join('')
}

/** The Punycode of a label. */
export function encodePunycode(label: string): string {
  const codes = Array.from(label, (character) => character.codePointAt(0) ?? 0)
  const basic = codes.filter((code) => code < INITIAL_CODE)
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? '-' : '')
  let [code, bias, delta, handled] = [INITIAL_CODE, INITIAL_BIAS, 0, basic.length]
  while (handled < codes.length) {
    const next = Math.min(...codes.filter((each) => each >= code))
    delta += (next - code) * (handled + 1)
    code = next
    for (const each of codes) {
      if (each < code) delta += 1
      if (each !== code) continue
      output += digitsOf(delta, bias)
      bias = adapt(delta, handled + 1, handled === basic.length)
      delta = 0
      handled += 1
    }
    delta += 1
    code += 1
  }
  return output
}

function digitsOf(delta: number, bias: number): string {
  let digits = ''
  let rest = delta
  for (let k = BASE; ; k += BASE) {
    const threshold = thresholdAt(k, bias)
    if (rest < threshold) return digits + toDigit(rest)
    const digit = threshold + ((rest - threshold) % (BASE - threshold))
    digits += toDigit(digit)
    rest = Math.floor((rest - threshold) / (BASE - threshold))
  }
}

function toDigit(value: number): string {
  return String.fromCharCode(value < 26 ? value + 0x61 : value - 26 + 0x30)
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a ? lower - 0x61 : -1
}

function thresholdAt(k: number, bias: number): number {
  return Math.min(T_MAX, Math.max(T_MIN, k - bias))
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1
  rest += Math.floor(rest / length)
  let k = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}
