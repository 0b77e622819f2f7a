/**
 * Every ruleset that is there or is wanted, with the rules of the files that belong in it. Files call rulesets and rules
 * by name and ref; here these become ids, those of new ones included.
 */
import type { Documents } from '../../../storage/ports.ts'
import type { Rule, Ruleset } from '../../../storage/resources.ts'
import type { RulesetPorts } from '../../rulesets/next-ruleset.ts'
import type { DesiredRule, DesiredRuleset } from './desired-rules.ts'
import { type Origins, originsOf } from './origins.ts'

type TargetRule = DesiredRule & { readonly id: string; readonly stored: Rule | undefined }

export type Target = Pick<Ruleset, 'id' | 'kind' | 'phase' | 'name' | 'description'> & {
  readonly stored: Ruleset | undefined
  /** The file that made the ruleset, `undefined` when the API did or nobody has yet. */
  readonly origin: string | undefined
  /** The file that wants it now, if one does. */
  readonly file: string | undefined
  readonly fromApi: readonly Rule[]
  readonly fromFiles: readonly Rule[]
  readonly wanted: readonly TargetRule[]
  /** Refs that rules of the API have; the files' rules give way. */
  readonly leftAlone: readonly string[]
}

export function targetsOf(
  documents: Documents,
  desired: readonly DesiredRuleset[],
  ports: RulesetPorts,
): readonly Target[] {
  const origins = originsOf(documents)
  const unclaimed = new Map(desired.map((want) => [keyOf(want), want]))
  const stored = documents.ruleset.map((ruleset) => {
    const want = unclaimed.get(keyOf(ruleset))
    unclaimed.delete(keyOf(ruleset))
    return targetOf(ruleset, { ruleset, want, origins, ports })
  })
  const added = [...unclaimed.values()].map((want) =>
    targetOf(
      { ...want, name: want.name ?? 'default' },
      { ruleset: undefined, want, origins, ports },
    ),
  )
  return withIds([...stored, ...added])
}

type Head = Pick<Ruleset, 'kind' | 'phase' | 'name'>

type Sources = {
  readonly ruleset: Ruleset | undefined
  readonly want: DesiredRuleset | undefined
  readonly origins: Origins
  readonly ports: RulesetPorts
}

/** A custom ruleset that the API made is left to it, with all its rules. */
function targetOf(head: Head, { ruleset, want, origins, ports }: Sources): Target {
  const rules = ruleset?.rules ?? []
  const fromApi = rules.filter(({ id }) => origins.fileOf('rule', id) === undefined)
  const fromFiles = rules.filter(({ id }) => origins.fileOf('rule', id) !== undefined)
  const origin = ruleset === undefined ? undefined : origins.fileOf('ruleset', ruleset.id)
  const isForeign = head.kind === 'custom' && ruleset !== undefined && origin === undefined
  const taken = new Set(fromApi.map(({ ref }) => ref))
  const fits = (want?.rules ?? []).filter(({ rule }) => !isForeign && !taken.has(rule.ref))
  const byRef = new Map(fromFiles.map((rule) => [rule.ref, rule]))
  const isOwn = head.kind === 'custom' && !isForeign && want !== undefined
  return {
    id: ruleset?.id ?? ports.newId(),
    kind: head.kind,
    phase: head.phase,
    name: head.name,
    description: isOwn ? want.description : (ruleset?.description ?? ''),
    stored: ruleset,
    origin,
    file: isForeign ? undefined : want?.file,
    fromApi,
    fromFiles,
    wanted: fits.map(({ file, rule }) => {
      const known = byRef.get(rule.ref)
      return { file, rule, stored: known, id: known?.id ?? ports.newId() }
    }),
    leftAlone: (want?.rules ?? [])
      .filter((each) => !fits.includes(each))
      .map(({ rule }) => rule.ref),
  }
}

/** A custom ruleset is known by name and phase, an entry point by kind and phase. */
function keyOf({ kind, phase, name }: Pick<DesiredRuleset, 'kind' | 'phase' | 'name'>): string {
  return JSON.stringify(kind === 'custom' ? [kind, phase, name] : [kind, phase])
}

/** What is no name is an id already, or leads nowhere and is refused later. */
function withIds(targets: readonly Target[]): readonly Target[] {
  const customs = new Map(
    targets.flatMap(({ kind, name, id }) => (kind === 'custom' ? [[name, id] as const] : [])),
  )
  const refs = new Map(
    targets.map(({ id, fromApi, wanted }) => [
      id,
      new Map([
        ...wanted.map(({ rule, id: ruleId }) => [rule.ref, ruleId] as const),
        ...fromApi.map((rule) => [rule.ref, rule.id] as const),
      ]),
    ]),
  )
  return targets.map((target) => {
    const idOf = (name: string) => (name === 'current' ? target.id : (customs.get(name) ?? name))
    const resolved = (each: TargetRule): TargetRule => {
      const { action_parameters: parameters } = each.rule
      if (parameters === undefined) return each
      const { id, rulesets, rules } = parameters
      const skipped = Object.entries(rules ?? {}).map(([name, names]) => {
        const known = refs.get(idOf(name))
        return [idOf(name), names.map((ref) => known?.get(ref) ?? ref)] as const
      })
      const action_parameters = {
        ...parameters,
        ...(id === undefined ? {} : { id: idOf(id) }),
        ...(rules === undefined ? {} : { rules: Object.fromEntries(skipped) }),
        ...(rulesets === undefined ? {} : { rulesets: rulesets.map(idOf) }),
      }
      return { ...each, rule: { ...each.rule, action_parameters } }
    }
    return { ...target, wanted: target.wanted.map(resolved) }
  })
}
