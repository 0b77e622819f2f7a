/**
 * Rule files to rulesets and lists, as seeding makes them: the rules of an entry point add up over the files in the order
 * of their names. Names serve as ids of rulesets, and with a ref as those of rules, so that what a file says of another is
 * found without the shield.
 */
import { err, ok, type Result } from '#engines/result'
import {
  type ActionParameters,
  type FileRule,
  type ListKinds,
  readRuleFile,
  type RuleFile,
} from '#engines/rule-files'
import type { RulesetInput } from '#engines/rulesets'
import { type ConfigurationFile, type FileProblem, wholeFile } from '../configuration-files.ts'

export type FileRulesets = {
  readonly rulesets: readonly FileRuleset[]
  readonly lists: RuleFile['lists']
  readonly sequences: RuleFile['sequences']
}

export type FileRuleset = Omit<RulesetInput, 'rules'> & {
  readonly rules: readonly (RulesetInput['rules'][number] & Pick<FileRule, 'ref'>)[]
}

/** Every file has passed by itself; what is wrong here is wrong between files. */
export function readRulesets(
  files: readonly ConfigurationFile[],
): Result<FileRulesets, readonly FileProblem[]> {
  const lists = files.flatMap(({ path, content }) => {
    const read = readRuleFile(path, content)
    return read.ok ? read.value.lists : []
  })
  const kinds: ListKinds = Object.fromEntries(lists.map(({ name, kind }) => [name, kind]))
  const read = files.map(({ path, content }) => ({
    path,
    file: readRuleFile(path, content, { lists: kinds }),
  }))
  const problems = read.flatMap(({ file }) => (file.ok ? [] : file.error))
  if (problems.length > 0) return err(problems)
  const named = read.flatMap(({ path, file }) => (file.ok ? [{ path, file: file.value }] : []))
  const strays = strayProblems(named)
  if (strays.length > 0) return err(strays)
  const sequences = named.flatMap(({ file }) => file.sequences)
  return ok({ rulesets: joinRulesets(named.map(({ file }) => file)), lists, sequences })
}

type NamedFile = { readonly path: string; readonly file: RuleFile }

/** Names that are taken twice, and rules that execute what no file has. */
function strayProblems(files: readonly NamedFile[]): readonly FileProblem[] {
  const customs = files.flatMap(({ path, file }) =>
    file.name === null ? [] : [{ path, what: `ruleset "${file.name}"` }],
  )
  const lists = files.flatMap(({ path, file }) =>
    file.lists.map(({ name }) => ({ path, what: `list "${name}"` })),
  )
  const sequences = files.flatMap(({ path, file }) =>
    file.sequences.map(({ ref }) => ({ path, what: `sequence "${ref}"` })),
  )
  const refs = files.flatMap(({ path, file }) =>
    file.rules.map(({ ref }) => ({ path, what: `ref "${ref}" of ${rulesetOf(file)}` })),
  )
  const names = new Set(files.map(({ file }) => file.name))
  const missing = files.flatMap(({ path, file }) =>
    file.rules.flatMap(({ ref, action, action_parameters }) => {
      const id = action_parameters?.id
      if (action !== 'execute' || id === undefined || names.has(id)) return []
      return [wholeFile(path, `The rule "${ref}" executes "${id}", which no file has.`)]
    }),
  )
  return [...[customs, lists, sequences, refs].flatMap((each) => repeated(each)), ...missing]
}

/** Refs are unique in a ruleset; files of an entry point make up one. */
function rulesetOf({ kind, name, phase }: RuleFile): string {
  return name === null ? `the ${kind} ruleset of ${phase}` : `ruleset "${name}"`
}

type Taken = { readonly path: string; readonly what: string }

function repeated(taken: readonly Taken[]): readonly FileProblem[] {
  const first = new Map<string, string>()
  return taken.flatMap(({ path, what }) => {
    const other = first.get(what)
    if (other === undefined) first.set(what, path)
    return other === undefined ? [] : [wholeFile(path, `The ${what} is in ${other} too.`)]
  })
}

function joinRulesets(files: readonly RuleFile[]): readonly FileRuleset[] {
  const joined = new Map<string, FileRuleset>()
  for (const { name, kind, phase, rules } of files) {
    const id = name ?? `${kind} ${phase}`
    const before = joined.get(id)?.rules ?? []
    joined.set(id, {
      id,
      kind,
      phase,
      rules: [...before, ...rules.map((rule) => toRule(rule, id))],
    })
  }
  return [...joined.values()]
}

function toRule(rule: FileRule, rulesetId: string): FileRuleset['rules'][number] {
  const { action_parameters: parameters } = rule
  return {
    ...rule,
    id: ruleIdOf(rulesetId, rule.ref),
    ...(parameters === undefined ? {} : { action_parameters: withIds(parameters, rulesetId) }),
  }
}

/** Refs are unique in their ruleset only; counters and verdicts are kept by the id of a rule alone. */
function ruleIdOf(rulesetId: string, ref: string): string {
  return `${rulesetId}/${ref}`
}

/** A `skip` names rules by their refs. */
function withIds(parameters: ActionParameters, rulesetId: string): ActionParameters {
  if (parameters.rules === undefined) return parameters
  const rules = Object.entries(parameters.rules).map(([ruleset, refs]) => {
    const owner = ruleset === 'current' ? rulesetId : ruleset
    return [owner, refs.map((ref) => ruleIdOf(owner, ref))] as const
  })
  return { ...parameters, rules: Object.fromEntries(rules) }
}
