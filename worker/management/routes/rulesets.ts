/** Rulesets: the zone and the account have some of their own, and the same calls for them. */
import {
  getEntrypoint,
  getEntrypointVersion,
  listEntrypointVersions,
  updateEntrypoint,
} from '../rulesets/phases.ts'
import { createRule, deleteRule, editRule } from '../rulesets/rules.ts'
import {
  createRuleset,
  deleteRuleset,
  getRuleset,
  listRulesets,
  updateRuleset,
} from '../rulesets/rulesets.ts'
import { deleteVersion, getVersion, listVersions } from '../rulesets/versions.ts'
import { A, type Route, Z } from '../route.ts'

export const RULESET_ROUTES: readonly Route[] = [...rulesetRoutes(Z), ...rulesetRoutes(A)]

function rulesetRoutes(owner: string): readonly Route[] {
  const rulesets = `${owner}/rulesets`
  const entrypoint = `${rulesets}/phases/:phase/entrypoint`
  const ruleset = `${rulesets}/:ruleset_id`
  return [
    { path: rulesets, methods: { GET: listRulesets, POST: createRuleset } },
    { path: entrypoint, methods: { GET: getEntrypoint, PUT: updateEntrypoint } },
    { path: `${entrypoint}/versions`, methods: { GET: listEntrypointVersions } },
    { path: `${entrypoint}/versions/:version`, methods: { GET: getEntrypointVersion } },
    {
      path: ruleset,
      methods: { GET: getRuleset, PUT: updateRuleset, DELETE: deleteRuleset },
    },
    { path: `${ruleset}/rules`, methods: { POST: createRule } },
    { path: `${ruleset}/rules/:rule_id`, methods: { PATCH: editRule, DELETE: deleteRule } },
    { path: `${ruleset}/versions`, methods: { GET: listVersions } },
    { path: `${ruleset}/versions/:version`, methods: { GET: getVersion, DELETE: deleteVersion } },
  ]
}
