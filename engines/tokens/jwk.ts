/**
 * A public or symmetric key as a JSON Web Key (RFC 7517), with the members that verifying needs and no others. `k` is
 * present only where the secret itself is at hand.
 */
export type Jwk = RsaJwk | EcJwk | OkpJwk | OctJwk

type RsaJwk = {
  readonly kty: 'RSA'
  readonly kid?: string
  readonly alg?: string
  readonly n: string
  readonly e: string
}

type EcJwk = {
  readonly kty: 'EC'
  readonly kid?: string
  readonly alg?: string
  readonly crv: 'P-256' | 'P-384' | 'P-521'
  readonly x: string
  readonly y: string
}

/** RFC 8037. */
type OkpJwk = {
  readonly kty: 'OKP'
  readonly kid?: string
  readonly alg?: string
  readonly crv: 'Ed25519'
  readonly x: string
}

type OctJwk = {
  readonly kty: 'oct'
  readonly kid?: string
  readonly alg?: string
  /** base64url, unpadded. */
  readonly k?: string
}
