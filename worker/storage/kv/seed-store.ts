/** SeedStore over KV: one key holds all files, so that a reader never sees half of a seeding. */
import { seedKey } from '../keys.ts'
import type { SeedFile, SeedStore } from '../ports.ts'

export function createSeedStore(kv: KVNamespace, zoneId: string): SeedStore {
  return {
    async read() {
      const files = await kv.get(seedKey(zoneId), 'json')
      if (files === null) return null
      if (!Array.isArray(files) || !files.every(isSeedFile)) {
        throw new Error(`${seedKey(zoneId)} is not a list of {path, content}`)
      }
      return files
    },
    async write(files) {
      await kv.put(seedKey(zoneId), JSON.stringify(files))
    },
  }
}

function isSeedFile(value: unknown): value is SeedFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'content' in value &&
    typeof value.content === 'string'
  )
}
