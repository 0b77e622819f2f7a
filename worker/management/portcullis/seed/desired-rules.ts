/**
 * Rule files → the rulesets, lists and sequence rules they ask for. The rules of an entry point may be spread over files and
 * stand in their order; a custom ruleset, a list and a sequence rule belong to one file.
 */
import { type FileList, type FileRule, readRuleFile, type RuleFile } from '#engines/rule-files'
import { err, ok, type Result } from '#engines/result'
import type { SequenceContent } from '#engines/sequences'
import type { SeedFile } from '../../../storage/ports.ts'
import type { ListHead, SeedError } from '../../../storage/resources.ts'
import { fileError } from './change.ts'

export type DesiredRule = { readonly file: string; readonly rule: FileRule }

/** `file` is that of its first rules. */
export type DesiredRuleset = Pick<RuleFile, 'kind' | 'phase' | 'name' | 'description'> & {
  readonly file: string
  readonly rules: readonly DesiredRule[]
}

export type DesiredList = { readonly file: string; readonly list: FileList }

export type DesiredSequence = { readonly file: string; readonly sequence: SequenceContent }

export type DesiredRules = {
  readonly rulesets: readonly DesiredRuleset[]
  readonly lists: readonly DesiredList[]
  readonly sequences: readonly DesiredSequence[]
}

type ZoneFacts = {
  /** Which expressions may name besides the files' own. */
  readonly lists: readonly Pick<ListHead, 'name' | 'kind'>[]
  /** Ids of the operations that there will be; without them sequences may name any. */
  readonly operations: ReadonlySet<string> | undefined
}

export function isRuleFile(path: string): boolean {
  return /^rules\/[^/]+\.ya?ml$/.test(path)
}

export function readRuleFiles(
  files: readonly SeedFile[],
  zone: ZoneFacts,
): Result<DesiredRules, readonly SeedError[]> {
  const ruleFiles = files.filter(({ path }) => isRuleFile(path))
  // A rule may name a list of any file: first all lists, then the rules.
  const first = ruleFiles.map(({ path, content }) => readRuleFile(path, content))
  const broken = first.flatMap((read) => (read.ok ? [] : read.error))
  if (broken.length > 0) return err(broken)
  const fileLists = first.flatMap((read) => (read.ok ? read.value.lists : []))
  const kinds = Object.fromEntries(
    [...zone.lists, ...fileLists].map(({ name, kind }) => [name, kind]),
  )
  const errors: SeedError[] = []
  const rulesets = new Map<string, DesiredRuleset>()
  const lists = new Map<string, DesiredList>()
  const sequences = new Map<string, DesiredSequence>()
  for (const { path: file, content } of ruleFiles) {
    const read = readRuleFile(file, content, { lists: kinds, operations: zone.operations })
    if (!read.ok) {
      errors.push(...read.error)
      continue
    }
    for (const list of read.value.lists) {
      const other = lists.get(list.name)
      if (other === undefined) lists.set(list.name, { file, list })
      else errors.push(fileError(file, `The list "${list.name}" is in ${other.file} too.`))
    }
    for (const sequence of read.value.sequences) {
      const { ref } = sequence
      const other = sequences.get(ref)
      if (other === undefined) sequences.set(ref, { file, sequence })
      else errors.push(fileError(file, `The sequence "${ref}" is in ${other.file} too.`))
    }
    errors.push(...addRules(rulesets, file, read.value))
  }
  if (errors.length > 0) return err(errors)
  return ok({
    rulesets: [...rulesets.values()],
    lists: [...lists.values()],
    sequences: [...sequences.values()],
  })
}

function addRules(
  rulesets: Map<string, DesiredRuleset>,
  file: string,
  { kind, phase, name, description, rules }: RuleFile,
): readonly SeedError[] {
  const isWithoutRules = rules.length === 0 && kind !== 'custom'
  if (isWithoutRules) return []
  const key = JSON.stringify(kind === 'custom' ? ['custom', name] : [kind, phase])
  const known = rulesets.get(key)
  if (known !== undefined && kind === 'custom') {
    return [fileError(file, `The ruleset "${name}" is in ${known.file} too.`)]
  }
  const before = known?.rules ?? []
  const first = new Map(before.map((each) => [each.rule.ref, each.file]))
  const added = rules.map((rule) => ({ file, rule }))
  rulesets.set(key, {
    ...(known ?? { kind, phase, name, description, file }),
    rules: [...before, ...added],
  })
  return rules.flatMap(({ ref }) => {
    const other = first.get(ref)
    return other === undefined ? [] : [fileError(file, `The ref "${ref}" is used in ${other} too.`)]
  })
}
