/** A path below /client/v4 and what answers its methods. `:name` is a parameter of the handler's `Call`. */
import type { Handler } from './handler.ts'

export type Route = {
  readonly path: string
  readonly methods: { readonly [method: string]: Handler }
}

export const Z = '/zones/:zone_id'
export const A = '/accounts/:account_id'
