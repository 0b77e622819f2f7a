/** Bounds on what is sealed and opened. */
export type SealingLimits = {
  /** Octets of the secret everything is sealed under. Below 32 its guessing, not the cipher, is the weak part. */
  readonly secretOctetsMin: number
  /** Octets of one plaintext. Default 64 KiB: private keys and tokens, not documents. */
  readonly plaintextOctetsMax: number
}

export const sealingLimits: SealingLimits = { secretOctetsMin: 32, plaintextOctetsMax: 65_536 }
