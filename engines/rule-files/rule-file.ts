/**
 * Reads one file of `rules/`: YAML with the phase and its rules in order. Refuses what it does not know, because a
 * misspelt key would otherwise be a rule that silently does not do its work. Reports every error of the file with its
 * line and key.
 */
import { LineCounter, parseDocument, type Document } from 'yaml'
import { err, ok, type Result } from '#engines/result'
import { ruleFileLimits as limits } from './limits.ts'
import { isRecord, readRule, RULE_MEMBERS, type RuleContent } from './rule.ts'
import { type Places, placesOf } from './yaml-places.ts'

export type FileRule = RuleContent & { readonly ref: string }

export type RuleFile = {
  readonly phase: 'http_request_firewall_custom'
  readonly rules: readonly FileRule[]
}

export type RuleFileError = {
  readonly file: string
  readonly line: number | null
  /** Such as `rules[2].expression`; `null` when the file as a whole is meant. */
  readonly key: string | null
  readonly message: string
}

type Path = readonly (string | number)[]
type Report = (path: Path, message: string) => void

const FILE_MEMBERS = ['phase', 'rules']

/** `path` names the file in errors. */
export function readRuleFile(
  path: string,
  text: string,
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
  return checkFile(path, value.value, placesOf(document, lines))
}

function plainValue(document: Document): Result<unknown, string> {
  try {
    return ok(document.toJS({ maxAliasCount: limits.aliasesMax }))
  } catch (cause) {
    // The library throws for aliases alone: unknown ones, and too many of them.
    return err(cause instanceof Error ? cause.message : String(cause))
  }
}

function checkFile(
  file: string,
  value: unknown,
  places: Places,
): Result<RuleFile, readonly RuleFileError[]> {
  const errors: RuleFileError[] = []
  const report: Report = (path, message) => {
    errors.push({ file, line: places.line(path), key: keyOf(path), message })
  }
  const rules = isRecord(value) ? checkMembers(value, report) : []
  if (!isRecord(value)) report([], 'The file must be a mapping with "phase" and "rules".')
  return errors.length > 0 ? err(errors) : ok({ phase: 'http_request_firewall_custom', rules })
}

function checkMembers(
  value: { readonly [name: string]: unknown },
  report: Report,
): readonly FileRule[] {
  reportStrangers({ value, known: FILE_MEMBERS, path: [], report })
  if (value['phase'] !== 'http_request_firewall_custom') {
    report(['phase'], 'The phase must be http_request_firewall_custom.')
  }
  const { rules } = value
  if (!Array.isArray(rules)) {
    report(['rules'], 'This must be a list of rules.')
    return []
  }
  if (rules.length > limits.rulesMax) {
    report(['rules'], `The file has ${rules.length} rules; at most ${limits.rulesMax} are allowed.`)
    return []
  }
  const seen = new Set<string>()
  return rules.flatMap((rule, index) => checkRule({ rule, path: ['rules', index], report, seen }))
}

function checkRule({
  rule,
  path,
  report,
  seen,
}: {
  readonly rule: unknown
  readonly path: Path
  readonly report: Report
  readonly seen: Set<string>
}): readonly FileRule[] {
  if (isRecord(rule)) reportStrangers({ value: rule, known: RULE_MEMBERS, path, report })
  const read = readRule(rule)
  if (!read.ok) {
    for (const issue of read.error) report([...path, ...issue.path], issue.message)
    return []
  }
  const { ref } = read.value
  if (ref === undefined) {
    report([...path, 'ref'], 'A rule in a file needs a ref: it is how the rule is found again.')
    return []
  }
  if (seen.has(ref)) report([...path, 'ref'], `The ref "${ref}" is used twice in this file.`)
  seen.add(ref)
  return [{ ...read.value, ref }]
}

function reportStrangers({
  value,
  known,
  path,
  report,
}: {
  readonly value: { readonly [name: string]: unknown }
  readonly known: readonly string[]
  readonly path: Path
  readonly report: Report
}): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name))
      report([...path, name], `Unknown key; known are ${known.join(', ')}.`)
  }
}

function keyOf(path: Path): string | null {
  if (path.length === 0) return null
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
  return steps.join('').replace(/^\./, '')
}
