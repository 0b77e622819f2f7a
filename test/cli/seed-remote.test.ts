import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { seedRemote } from '../../cli/seed-remote.ts'
import { seedKey } from '../../worker/storage/keys.ts'

const files = [
  { path: 'rules/a.yaml', content: 'phase: http_request_firewall_custom\nrules: []\n' },
]

describe('seeding a deployed shield', () => {
  test('hands wrangler the key that the Worker reads and a file with all files in it', async () => {
    const calls: { commandLine: readonly string[]; cwd: string; content: unknown }[] = []
    const code = await seedRemote({
      files,
      zoneId: 'z1',
      root: '/project',
      async wrangler(commandLine, cwd) {
        const content: unknown = JSON.parse(await readFile(commandLine.at(-1) ?? '', 'utf8'))
        calls.push({ commandLine: commandLine.slice(0, -1), cwd, content })
        return 0
      },
    })
    expect(code).toBe(0)
    expect(calls).toEqual([
      {
        commandLine: [
          'kv',
          'key',
          'put',
          '--remote',
          '--binding',
          'CONFIGURATION',
          seedKey('z1'),
          '--path',
        ],
        cwd: '/project',
        content: files,
      },
    ])
  })

  test.each([{ exitCode: 0 }, { exitCode: 1 }])(
    'leaves no file behind and passes on exit code $exitCode',
    async ({ exitCode }) => {
      let path = ''
      const wrangler = async (commandLine: readonly string[]): Promise<number> => {
        path = commandLine.at(-1) ?? ''
        return exitCode
      }
      expect(await seedRemote({ files, zoneId: 'z1', root: '/', wrangler })).toBe(exitCode)
      await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )
})
