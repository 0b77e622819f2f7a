/** Octets as whole numbers, most significant first. */
export function toInteger(octets: Uint8Array): bigint {
  const hex = Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')
  return BigInt(`0x0${hex}`)
}
