/**
 * Reads one file of `rules/`: YAML with a ruleset and its rules in order, lists, sequences, or some of these. Refuses what
 * it does not know, because a misspelt key would otherwise be a rule that silently does not do its work. Reports every
 * error of the file with its line and key.
 */
import { LineCounter, parseDocument, type Document } from 'yaml'
import { err, ok, type Result } from '#engines/result'
import type { SequenceContent } from '#engines/sequences'
import { below, isRecord, type Issue, issue, type Members, oneOf, textUpTo } from './checks.ts'
import { type FileList, LIST_MEMBERS, readFileList } from './list.ts'
import { ruleFileLimits as limits } from './limits.ts'
import {
  isRulePhase,
  type ListKinds,
  RULE_PHASES,
  type RuleContext,
  type RulePhase,
  type RulesetKind,
  type Surroundings,
} from './rule-context.ts'
import { readRule, RULE_MEMBERS, type RuleContent } from './rule.ts'
import { readSequence } from './sequence.ts'
import { type Places, placesOf } from './yaml-places.ts'

export type FileRule = RuleContent & { readonly ref: string }

/** Rules of an entry point (`zone`, `root`) add up over the files; a custom ruleset has a name and one file. */
export type RuleFile = {
  readonly kind: RulesetKind
  readonly phase: RulePhase
  /** Of a custom ruleset; `null` for an entry point. */
  readonly name: string | null
  readonly description: string
  readonly rules: readonly FileRule[]
  readonly lists: readonly FileList[]
  readonly sequences: readonly SequenceContent[]
}

export type RuleFileError = {
  readonly file: string
  readonly line: number | null
  /** Such as `rules[2].expression`; `null` when the file as a whole is meant. */
  readonly key: string | null
  readonly message: string
}

type Report = (issues: readonly Issue[], path?: readonly (string | number)[]) => void

const FILE_MEMBERS = ['kind', 'name', 'description', 'phase', 'rules', 'lists', 'sequences']

/** `path` names the file in errors. */
export function readRuleFile(
  path: string,
  text: string,
  around: Surroundings = {},
): Result<RuleFile, readonly RuleFileError[]> {
  if (text.length > limits.fileCharactersMax) {
    const message = `The file has more than ${limits.fileCharactersMax} characters.`
    return err([{ file: path, line: null, key: null, message }])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const syntax = document.errors.map(({ message, linePos }) => ({
    file: path,
    line: linePos?.[0].line ?? null,
    key: null,
    // The library appends an excerpt of the text after an empty line.
    message: message.split('\n\n')[0] ?? message,
  }))
  if (syntax.length > 0) return err(syntax)
  const value = plainValue(document)
  if (!value.ok) return err([{ file: path, line: null, key: null, message: value.error }])
  const places = placesOf(document, lines)
  const errors: RuleFileError[] = []
  const file = checkFile(value.value, around, (issues, base = []) => {
    errors.push(...issues.map((each) => located(path, places, below(base, each))))
  })
  return errors.length > 0 ? err(errors) : ok(file)
}

function located(file: string, places: Places, { path, message }: Issue): RuleFileError {
  return { file, line: places.line(path), key: keyOf(path), message }
}

function keyOf(path: readonly (string | number)[]): string | null {
  if (path.length === 0) return null
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
  return steps.join('').replace(/^\./, '')
}

function plainValue(document: Document): Result<unknown, string> {
  try {
    return ok(document.toJS({ maxAliasCount: limits.aliasesMax }))
  } catch (cause) {
    // The library throws for aliases alone: unknown ones, and too many of them.
    return err(cause instanceof Error ? cause.message : String(cause))
  }
}

const EMPTY_FILE: RuleFile = {
  kind: 'zone',
  phase: 'http_request_firewall_custom',
  name: null,
  description: '',
  rules: [],
  lists: [],
  sequences: [],
}

function checkFile(value: unknown, around: Surroundings, report: Report): RuleFile {
  if (!isRecord(value)) {
    report([
      issue(
        [],
        'The file must be a mapping with "phase" and "rules", with "lists" or with "sequences".',
      ),
    ])
    return EMPTY_FILE
  }
  report(strangers(value, FILE_MEMBERS))
  const lists = checkLists(value['lists'], report)
  const sequences = checkSequences(value['sequences'], around, report)
  const hasOthers = value['lists'] !== undefined || value['sequences'] !== undefined
  const isWithoutRules = RULESET_MEMBERS.every((member) => value[member] === undefined)
  if (hasOthers && isWithoutRules) return { ...EMPTY_FILE, lists, sequences }
  const head = checkHead(value, report)
  const context = { ...head, lists: listsOf(around, lists) }
  return { ...head, rules: checkRules(value['rules'], context, report), lists, sequences }
}

/** What a file has only because of its rules. */
const RULESET_MEMBERS = ['rules', 'kind', 'phase']

function listsOf({ lists: others }: Surroundings, own: readonly FileList[]): ListKinds | null {
  if (others === undefined) return null
  return { ...others, ...Object.fromEntries(own.map(({ name, kind }) => [name, kind])) }
}

type Head = Pick<RuleFile, 'kind' | 'phase' | 'name' | 'description'>

function checkHead(value: Members, report: Report): Head {
  const { kind = 'zone', phase, name, description = '' } = value
  if (!isKind(kind)) report([issue(['kind'], 'This must be one of zone, root, custom.')])
  if (!isRulePhase(phase)) report(wrongAt('phase', oneOf(RULE_PHASES)(phase)))
  report(wrongAt('description', textUpTo(limits.descriptionCharactersMax, 0)(description)))
  if (kind === 'custom') {
    report(wrongAt('name', textUpTo(limits.rulesetNameCharactersMax, 1)(name)))
  } else if (name !== undefined) {
    report([issue(['name'], 'Only a custom ruleset has a name.')])
  } else if (description !== '') {
    report([issue(['description'], 'Only a custom ruleset has a description.')])
  }
  return {
    kind: isKind(kind) ? kind : 'zone',
    phase: isRulePhase(phase) ? phase : EMPTY_FILE.phase,
    name: typeof name === 'string' ? name : null,
    description: typeof description === 'string' ? description : '',
  }
}

function isKind(value: unknown): value is RulesetKind {
  return value === 'zone' || value === 'root' || value === 'custom'
}

function wrongAt(member: string, message: string | null): readonly Issue[] {
  return message === null ? [] : [issue([member], message)]
}

function checkRules(rules: unknown, context: RuleContext, report: Report): readonly FileRule[] {
  if (!Array.isArray(rules)) {
    report([issue(['rules'], 'This must be a list of rules.')])
    return []
  }
  if (rules.length > limits.rulesMax) {
    const text = `The file has ${rules.length} rules; at most ${limits.rulesMax} are allowed.`
    report([issue(['rules'], text)])
    return []
  }
  const seen = new Set<string>()
  return rules.flatMap((rule: unknown, index): readonly FileRule[] => {
    const path = ['rules', index]
    if (isRecord(rule)) report(strangers(rule, RULE_MEMBERS), path)
    const read = readRule(rule, context)
    if (!read.ok) {
      report(read.error, path)
      return []
    }
    const { ref } = read.value
    if (ref === undefined) {
      const text = 'A rule in a file needs a ref: it is how the rule is found again.'
      report([issue(['ref'], text)], path)
      return []
    }
    if (seen.has(ref))
      report([issue(['ref'], `The ref "${ref}" is used twice in this file.`)], path)
    seen.add(ref)
    return [{ ...read.value, ref }]
  })
}

function checkLists(lists: unknown, report: Report): readonly FileList[] {
  if (lists === undefined) return []
  if (!Array.isArray(lists) || lists.length > limits.listsMax) {
    report([issue(['lists'], `This must be a list of at most ${limits.listsMax} lists.`)])
    return []
  }
  const seen = new Set<string>()
  return lists.flatMap((list: unknown, index): readonly FileList[] => {
    const path = ['lists', index]
    if (isRecord(list)) report(strangers(list, LIST_MEMBERS), path)
    const read = readFileList(list)
    if (!read.ok) {
      report(read.error, path)
      return []
    }
    const { name } = read.value
    if (seen.has(name))
      report([issue(['name'], `The name "${name}" is used twice in this file.`)], path)
    seen.add(name)
    return [read.value]
  })
}

function checkSequences(
  sequences: unknown,
  { operations }: Surroundings,
  report: Report,
): readonly SequenceContent[] {
  if (sequences === undefined) return []
  if (!Array.isArray(sequences) || sequences.length > limits.sequencesMax) {
    const text = `This must be a list of at most ${limits.sequencesMax} sequences.`
    report([issue(['sequences'], text)])
    return []
  }
  const seen = new Set<string>()
  return sequences.flatMap((sequence: unknown, index): readonly SequenceContent[] => {
    const path = ['sequences', index]
    const read = readSequence(sequence, operations)
    if (!read.ok) {
      report(read.error, path)
      return []
    }
    const { ref } = read.value
    if (seen.has(ref))
      report([issue(['ref'], `The ref "${ref}" is used twice in this file.`)], path)
    seen.add(ref)
    return [read.value]
  })
}

function strangers(value: Members, known: readonly string[]): readonly Issue[] {
  const names = Object.keys(value).filter((name) => !known.includes(name))
  return names.map((name) => issue([name], `Unknown key; known are ${known.join(', ')}.`))
}
