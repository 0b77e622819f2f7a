/**
 * Which operations a token validation rule covers: those of the included hosts without the excluded ones, also operations
 * that come later. A selector that includes no host covers nothing. Hosts are compared as operations spell them. Only one
 * rule applies to an operation, the first in order that is enabled; one that is switched off counts as if it were not there.
 */
import type { TokenRuleInput } from './input.ts'

export type OperationSelector = {
  readonly include?: readonly { readonly host?: readonly string[] }[] | null
  readonly exclude?: readonly { readonly operation_ids?: readonly string[] }[] | null
}

type SelectableOperation = { readonly operation_id: string; readonly host: string }

type SelectingRule = Omit<TokenRuleInput, 'operationIds'> & {
  readonly enabled: boolean
  readonly selector: OperationSelector
}

/** `excluded` was named by its id, `ignored` by nothing; neither is covered. */
type SelectorState = 'included' | 'excluded' | 'ignored'

/** The state of each operation, in their order. */
export function selectorStates(
  selector: OperationSelector,
  operations: readonly SelectableOperation[],
): readonly SelectorState[] {
  const hosts = includedHosts(selector)
  const ids = excludedIds(selector)
  return operations.map(({ operation_id, host }) => {
    if (ids.has(operation_id)) return 'excluded'
    return hosts.has(host) ? 'included' : 'ignored'
  })
}

/** The rules that apply to some operation, each with those that it applies to. */
export function applyTokenRules(
  rules: readonly SelectingRule[],
  operations: readonly SelectableOperation[],
): readonly TokenRuleInput[] {
  const enabled = rules.filter((rule) => rule.enabled)
  const candidates = candidatesByHost(enabled)
  const applied = new Map<SelectingRule, Set<string>>()
  for (const { operation_id, host } of operations) {
    const first = candidates.get(host)?.find(({ excluded }) => !excluded.has(operation_id))
    if (first === undefined) continue
    const covered = applied.get(first.rule)
    if (covered === undefined) applied.set(first.rule, new Set([operation_id]))
    else covered.add(operation_id)
  }
  return enabled.flatMap((rule) => {
    const operationIds = applied.get(rule)
    return operationIds === undefined ? [] : [{ ...rule, operationIds }]
  })
}

type Candidate = { readonly rule: SelectingRule; readonly excluded: ReadonlySet<string> }

/** For each host the rules that include it, in their order. */
function candidatesByHost(
  rules: readonly SelectingRule[],
): ReadonlyMap<string, readonly Candidate[]> {
  const byHost = new Map<string, Candidate[]>()
  for (const rule of rules) {
    const candidate = { rule, excluded: excludedIds(rule.selector) }
    for (const host of includedHosts(rule.selector)) {
      const others = byHost.get(host)
      if (others === undefined) byHost.set(host, [candidate])
      else others.push(candidate)
    }
  }
  return byHost
}

function includedHosts({ include }: OperationSelector): ReadonlySet<string> {
  return new Set((include ?? []).flatMap(({ host = [] }) => host))
}

function excludedIds({ exclude }: OperationSelector): ReadonlySet<string> {
  return new Set((exclude ?? []).flatMap(({ operation_ids = [] }) => operation_ids))
}
