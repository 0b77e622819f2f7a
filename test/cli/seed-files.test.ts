import { symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cliLimits } from '../../cli/limits.ts'
import { readSeedFiles } from '../../cli/seed-files.ts'
import { createProject, GOOD_RULES, GOOD_SCHEMA, type Project } from './project.ts'

let project: Project

afterEach(() => project.remove())

describe('sound files', () => {
  test('are handed over by folder and name, with forward slashes and their text', async () => {
    project = await createProject({
      'schemas/b.json': '{"openapi":"3.0.3","info":{"title":"B","version":"1"},"paths":{}}',
      'schemas/a.yaml': GOOD_SCHEMA,
      'rules/z.yml': GOOD_RULES,
      'rules/c.yaml': GOOD_RULES,
    })
    const files = await readSeedFiles(project.root)
    expect(files.ok && files.value.map(({ path }) => path)).toEqual([
      'rules/c.yaml',
      'rules/z.yml',
      'schemas/a.yaml',
      'schemas/b.json',
    ])
    expect(files.ok && files.value[0]?.content).toBe(GOOD_RULES)
  })

  test('are all that is read: other names, hidden files and folders within are left alone', async () => {
    project = await createProject({
      'rules/a.yaml': GOOD_RULES,
      'rules/README.md': 'no rule',
      'rules/.a.yaml': 'no rule',
      'rules/a.yaml~': 'no rule',
      'rules/old/a.yaml': 'no rule',
      'rules/folder.yaml/x': 'no rule',
      'a.yaml': 'no rule',
    })
    const files = await readSeedFiles(project.root)
    expect(files.ok && files.value.map(({ path }) => path)).toEqual(['rules/a.yaml'])
  })

  test('may be in one folder alone; an empty folder is a wish for nothing', async () => {
    project = await createProject({ 'schemas/.keep': '' })
    expect(await readSeedFiles(project.root)).toEqual({ ok: true, value: [] })
  })

  test('are those of this repository', async () => {
    project = await createProject()
    const files = await readSeedFiles(join(import.meta.dirname, '../..'))
    expect(files.ok ? [] : files.error).toEqual([])
  })
})

describe('a problem names file, line and key', () => {
  const rule = 'phase: http_request_firewall_custom\nrules:\n  - ref: a\n'

  test.each([
    {
      name: 'an unknown action',
      path: 'rules/a.yaml',
      text: `${rule}    expression: ssl\n    action: allow\n`,
      problem: { line: 5, key: 'rules[0].action', message: expect.stringContaining('"allow"') },
    },
    {
      name: 'a misspelt key',
      path: 'rules/a.yml',
      text: `${rule}    expresion: ssl\n    expression: ssl\n    action: log\n`,
      problem: {
        line: 4,
        key: 'rules[0].expresion',
        message: expect.stringContaining('Unknown key'),
      },
    },
    {
      name: 'an expression that does not compile',
      path: 'rules/a.yaml',
      text: `${rule}    action: log\n    expression: http.host eq eq\n`,
      problem: { line: 5, key: 'rules[0].expression', message: expect.stringContaining('^') },
    },
    {
      name: 'broken YAML',
      path: 'rules/a.yaml',
      text: 'phase: [\n',
      problem: { line: expect.any(Number), key: null, message: expect.any(String) },
    },
    {
      name: 'an OpenAPI version that is not supported',
      path: 'schemas/a.yaml',
      text: GOOD_SCHEMA.replace('3.1.0', '2.0.0'),
      problem: { line: 1, key: '$.openapi', message: expect.stringContaining('3.0 and 3.1') },
    },
    {
      name: 'a reference to another document',
      path: 'schemas/a.yaml',
      text: GOOD_SCHEMA.replace(
        '{ description: All of them }',
        "{ $ref: 'https://example.com/responses.yaml#/Gone' }",
      ),
      problem: { line: 7, key: expect.stringContaining('$.paths'), message: expect.any(String) },
    },
  ])('$name', async ({ path, text, problem }) => {
    project = await createProject({ [path]: text })
    const files = await readSeedFiles(project.root)
    expect(files.ok ? [] : files.error).toContainEqual({ file: path, ...problem })
  })

  test('and every file is looked at before any of them is refused', async () => {
    project = await createProject({
      'rules/a.yaml': 'phase: wrong\nrules: []\n',
      'rules/b.yaml': GOOD_RULES,
      'schemas/c.yaml': 'openapi: 4.0.0\n',
    })
    const files = await readSeedFiles(project.root)
    expect(files.ok ? [] : files.error.map(({ file }) => file)).toEqual([
      'rules/a.yaml',
      'schemas/c.yaml',
    ])
  })
})

describe('refused as a whole', () => {
  test('a directory with neither folder, because its emptiness would take all rules away', async () => {
    project = await createProject({ 'README.md': '' })
    const files = await readSeedFiles(project.root)
    const message = `There is neither rules/ nor schemas/ in ${project.root}.`
    expect(files).toEqual({ ok: false, error: [{ file: '.', line: null, key: null, message }] })
  })

  test('text that is not UTF-8', async () => {
    project = await createProject()
    await project.write('rules/a.yaml', new Uint8Array([0x70, 0xff]))
    expect(await readSeedFiles(project.root)).toMatchObject({
      ok: false,
      error: [{ file: 'rules/a.yaml', message: 'The file is not UTF-8 text.' }],
    })
  })

  test('a file that cannot be read', async () => {
    project = await createProject({ 'rules/a.yaml': GOOD_RULES })
    await symlink('gone.yaml', join(project.root, 'rules/b.yaml'))
    expect(await readSeedFiles(project.root)).toMatchObject({
      ok: false,
      error: [{ file: 'rules/b.yaml', message: 'The file cannot be read: ENOENT' }],
    })
  })

  test('rules/ that is no folder', async () => {
    project = await createProject({ rules: '' })
    expect(await readSeedFiles(project.root)).toMatchObject({
      ok: false,
      error: [{ file: 'rules/', message: 'The folder cannot be read: ENOTDIR' }],
    })
  })

  test.each([
    { bound: 'ruleFileBytesMax', path: 'rules/a.yaml', bytesMax: cliLimits.ruleFileBytesMax },
    { bound: 'schemaBytesMax', path: 'schemas/a.yaml', bytesMax: cliLimits.schemaBytesMax },
  ] as const)('a file above $bound, which is not read then', async ({ path, bytesMax }) => {
    project = await createProject({ [path]: '' })
    const file = join(project.root, path)
    await truncate(file, bytesMax + 1)
    const above = await readSeedFiles(project.root)
    const message = `The file has ${bytesMax + 1} bytes; at most ${bytesMax} are allowed.`
    expect(above).toMatchObject({ ok: false, error: [{ file: path, message }] })
    await truncate(file, bytesMax)
    const at = await readSeedFiles(project.root)
    const messages = at.ok ? [] : at.error.map((problem) => problem.message)
    expect(messages.filter((text) => text.includes('bytes; at most'))).toEqual([])
  })

  test.each([
    { count: cliLimits.filesMax - 1, isTaken: true },
    { count: cliLimits.filesMax, isTaken: true },
    { count: cliLimits.filesMax + 1, isTaken: false },
  ])('$count files: $isTaken', async ({ count, isTaken }) => {
    const files = Array.from({ length: count }, (_, index) => [`rules/${index}.yaml`, GOOD_RULES])
    project = await createProject(Object.fromEntries(files))
    expect((await readSeedFiles(project.root)).ok).toBe(isTaken)
  })
})
