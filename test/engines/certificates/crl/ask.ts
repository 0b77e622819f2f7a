/** The path leaf, CA, Root, and what revocation lists say about it, for the tests of revocation. */
import { checkRevocation } from '#engines/certificates'

import { nowMs } from '../support.ts'
import { makeParty, readMade, type MakeCrl, type Party } from './support.ts'

/** Serial numbers. */
export const LEAF = 5
export const CA = 3

export const root = await makeParty({ name: 'Root', issuer: null, ca: true })
export const ca = await makeParty({ name: 'CA', issuer: root, ca: true, serial: CA })
export const leaf = await makeParty({ name: 'leaf', issuer: ca, serial: LEAF })

/** Clears the authority, so that only the leaf is in question. */
export const rootList: MakeCrl = { signer: root }

type Asked = { readonly path?: readonly Party[]; readonly others?: readonly Party[] }

/** `good`, or the reason and the position on the path. */
export async function ask(
  lists: readonly MakeCrl[],
  { path = [leaf, ca, root], others = [] }: Asked = {},
): Promise<string> {
  const checked = await checkRevocation({
    path: path.map(({ certificate }) => certificate),
    crls: await Promise.all(lists.map(readMade)),
    others: others.map(({ certificate }) => certificate),
    nowMs,
    allowSha1: false,
  })
  return checked.ok ? 'good' : `${checked.error.reason} ${checked.error.position}`
}
