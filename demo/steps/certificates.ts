/**
 * Keys and certificates of the demo's clients. The private key is made where the client is and stays there;
 * only the signing request goes to the shield, through the official SDK.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { complaint, run, type Command, type Output } from '../shell.ts'
import { P12_PASSWORD } from './requests.ts'
import type { Knowledge, Step, World } from './step.ts'

const ORGANIZATION = 'Example Thermometry, Inc.'
const VALIDITY_DAYS = 365

/** Makes a key and a signing request for each client; saw: their names. */
export function makeKeys(...names: readonly string[]): Step['run'] {
  return async (world) => {
    const made = await Promise.all(names.map((name) => makers[world.tools.keys](world, name)))
    return { saw: made.join(', ') }
  }
}

/** Has the signing request of each client signed; saw: status and names as the shield read them. */
export function issue(...names: readonly string[]): Step['run'] {
  return async ({ client, edge, directory }) => {
    const issued = await Promise.all(
      names.map(async (name) => {
        const csr = await readFile(join(directory, `${name}.csr`), 'utf8')
        const created = await client.clientCertificates.create({
          zone_id: edge.zoneId,
          csr,
          validity_days: VALIDITY_DAYS,
        })
        const { id = '', certificate = '', status, common_name, organization } = created
        await writeFile(join(directory, `${name}.pem`), certificate)
        return { name, id, saw: `${status} ${common_name} of ${organization}` }
      }),
    )
    return {
      saw: issued.map(({ saw }) => saw).join('; '),
      certificateIds: Object.fromEntries(issued.map(({ name, id }) => [name, id])),
    }
  }
}

/** A stranger signs a certificate himself, with the names of a real client; saw: what openssl made. */
export function forge(name: string, as: string): Step['run'] {
  return async (world) => {
    const files = [
      '-keyout',
      join(world.directory, `${name}-key.pem`),
      '-out',
      join(world.directory, `${name}.pem`),
    ]
    const output = await run(openssl('req', '-x509', '-days', '1', ...newKey(as), ...files))
    return { saw: output.exitCode === 0 ? 'a certificate' : complaint(output) }
  }
}

/** Packs certificate and key for the mobile application; saw: the file. */
export function packForMobile(name: string): Step['run'] {
  return async ({ directory }) => {
    const path = join(directory, name)
    const files = ['-in', `${path}.pem`, '-inkey', `${path}-key.pem`, '-out', `${path}.p12`]
    const output = await run(
      openssl('pkcs12', '-export', ...files, '-passout', `pass:${P12_PASSWORD}`, ...OLDER_FORM),
    )
    return { saw: output.exitCode === 0 ? `${name}.p12` : complaint(output) }
  }
}

/** Older releases of iOS refuse what OpenSSL 3 writes by default. */
const OLDER_FORM = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']

/** Sets the hostnames whose clients the shield asks for certificates; saw: them. */
export function associate(...hostnames: readonly string[]): Step['run'] {
  return async ({ client, edge }) => {
    const associations = client.certificateAuthorities.hostnameAssociations
    const { hostnames: associated } = await associations.update({
      zone_id: edge.zoneId,
      hostnames: [...hostnames],
    })
    return { saw: (associated ?? []).join(', ') }
  }
}

/** Takes a client's certificate back; saw: its status. */
export function revoke(name: string): Step['run'] {
  return async ({ client, edge }, knowledge) => {
    const { status } = await client.clientCertificates.delete(idOf(knowledge, name), {
      zone_id: edge.zoneId,
    })
    return { saw: String(status) }
  }
}

/** Puts a revoked certificate back into force; saw: its status. */
export function reactivate(name: string): Step['run'] {
  return async ({ client, edge }, knowledge) => {
    const id = idOf(knowledge, name)
    const { status } = await client.clientCertificates.edit(id, {
      zone_id: edge.zoneId,
      reactivate: true,
    })
    return { saw: String(status) }
  }
}

const makers: Readonly<
  Record<World['tools']['keys'], (world: World, name: string) => Promise<string>>
> = {
  cfssl: makeWithCfssl,
  openssl: makeWithOpenssl,
}

async function makeWithCfssl({ directory }: World, name: string): Promise<string> {
  const path = join(directory, name)
  const request = {
    CN: commonName(name),
    hosts: [commonName(name)],
    key: { algo: 'ecdsa', size: 256 },
    names: [{ C: 'US', ST: 'Texas', L: 'Austin', O: ORGANIZATION, OU: 'Field' }],
  }
  await writeFile(`${path}.json`, JSON.stringify(request))
  const output = await run({ program: 'cfssl', options: ['genkey', `${path}.json`] })
  const made = output.exitCode === 0 ? readCfssl(output) : null
  if (made === null) return complaint(output)
  await writeFile(`${path}-key.pem`, made.key, { mode: 0o600 })
  await writeFile(`${path}.csr`, made.csr)
  return name
}

function readCfssl({ stdout }: Output): { readonly key: string; readonly csr: string } | null {
  const made: unknown = JSON.parse(stdout)
  if (typeof made !== 'object' || made === null || !('key' in made) || !('csr' in made)) return null
  const { key, csr } = made
  return typeof key === 'string' && typeof csr === 'string' ? { key, csr } : null
}

async function makeWithOpenssl({ directory }: World, name: string): Promise<string> {
  const path = join(directory, name)
  const output = await run(
    openssl('req', ...newKey(name), '-keyout', `${path}-key.pem`, '-out', `${path}.csr`),
  )
  return output.exitCode === 0 ? name : complaint(output)
}

function newKey(name: string): readonly string[] {
  const subject = `/C=US/ST=Texas/L=Austin/O=${ORGANIZATION}/OU=Field/CN=${commonName(name)}`
  return [
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    subject,
  ]
}

function openssl(...options: readonly string[]): Command {
  return { program: 'openssl', options }
}

function commonName(name: string): string {
  return `${name}.devices.example.com`
}

function idOf({ certificateIds }: Knowledge, name: string): string {
  const id = certificateIds[name]
  if (id === undefined) throw new Error(`no certificate was issued for ${name}`)
  return id
}
