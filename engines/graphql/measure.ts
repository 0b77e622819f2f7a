/**
 * Measures a GraphQL request in one forward pass over its body, whatever carries it, and never throws. Memory is taken once,
 * when the measurer is made; a request allocates its answer and little else. A request that is not understood, or is over a
 * budget, has no figures but a reason: whether it passes is for a rule over `parsed_successfully` to say.
 */
import { readDocument } from './document.ts'
import { createEnvelope, type Envelope, hashText, readEnvelopes } from './envelope.ts'
import { createExpansion, expand, type Expansion } from './expansion.ts'
import { isJsonText } from './json.ts'
import { type GraphqlLimits, graphqlLimits } from './limits.ts'
import { type GraphqlMeasurement, NOTHING_MEASURED, type OperationFigures } from './measurement.ts'
import {
  addOperation,
  chooseOperation,
  describeOperations,
  nameOf,
  type Totals,
} from './operations.ts'
import type { GraphqlReason } from './reasons.ts'
import { createScan, type Scan, startScan } from './scan.ts'
import { type Carried, findDocument, type GraphqlRequest } from './transport.ts'

export type GraphqlMeasurer = {
  measure(request: GraphqlRequest): GraphqlMeasurement
  /** As `measure`, and each operation of the last document by itself. */
  describe(request: GraphqlRequest): GraphqlDescription
}

export type GraphqlDescription = GraphqlMeasurement & {
  readonly operations: readonly OperationFigures[]
}

/** A measurer holds the memory of a pass, some 300 KB at the default limits: make one and keep it. */
export function createGraphqlMeasurer(limits: GraphqlLimits = graphqlLimits): GraphqlMeasurer {
  const pass: Pass = {
    scan: createScan(limits),
    expansion: createExpansion(limits.operationsMax + limits.fragmentsMax),
    envelope: createEnvelope(),
  }
  return {
    measure: (request) => measure(pass, request),
    describe(request) {
      const measurement = measure(pass, request)
      const isMeasured = measurement.parsed_successfully
      const operations = isMeasured ? describeOperations(pass.scan, pass.expansion) : []
      return { ...measurement, operations }
    },
  }
}

type Pass = { readonly scan: Scan; readonly expansion: Expansion; readonly envelope: Envelope }

function measure(pass: Pass, request: GraphqlRequest): GraphqlMeasurement {
  const { scan } = pass
  const carried = findDocument(request, scan.limits)
  if (!carried.ok) return refusal(carried.error, null)
  const { bytes, isJson } = carried.value
  startScan(scan, bytes, isJson)
  const totals: Totals = { ...NOTHING_MEASURED, parsed_successfully: true }
  totals.batch_size = isJson
    ? readJson(pass, totals, carried.value)
    : readRaw(pass, totals, carried.value)
  if (scan.reason !== null) return refusal(scan.reason, scan.offset)
  addWholeDocuments(totals, scan)
  return totals
}

function readJson(pass: Pass, totals: Totals, { operationName }: Carried): number {
  const { scan, envelope } = pass
  return readEnvelopes(scan, envelope, () => {
    if (envelope.hash >= 0) totals.persisted_query_hash ??= hashText(scan, envelope)
    if (envelope.document < 0) return
    const name = operationName === null ? -1 : envelope.operationName
    add(pass, totals, name < 0 ? null : (each) => isJsonText(scan, name, nameOf(scan, each) ?? ''))
  })
}

function readRaw(pass: Pass, totals: Totals, { operationName }: Carried): number {
  const { scan } = pass
  const end = readDocument(scan, 0)
  if (end < 0) return -1
  const isNamed = (definition: number) => nameOf(scan, definition) === operationName
  add(pass, totals, operationName === null ? null : isNamed)
  return 1
}

function add(
  { scan, expansion }: Pass,
  totals: Totals,
  isNamed: ((definition: number) => boolean) | null,
): void {
  expand(expansion, scan.definitions)
  const definition = chooseOperation(expansion, scan.definitions, isNamed)
  if (definition >= 0) addOperation(totals, scan, { definition, expansion })
}

/** What the budgets have lost is what the documents have. */
function addWholeDocuments(totals: Totals, scan: Scan): void {
  const { limits } = scan
  totals.fields = limits.fieldsMax - scan.fieldsLeft
  totals.aliases = limits.aliasesMax - scan.aliasesLeft
  totals.directives = limits.directivesMax - scan.directivesLeft
  totals.arguments = limits.argumentsMax - scan.argumentsLeft
  totals.fragments = limits.fragmentsMax - scan.fragmentsLeft
  totals.spreads = limits.spreadsMax - scan.spreadsLeft
  totals.operation_count = limits.operationsMax - scan.operationsLeft
  totals.tokens = limits.tokensMax - scan.tokensLeft
}

function refusal(reason: GraphqlReason, offset: number | null): GraphqlMeasurement {
  return { ...NOTHING_MEASURED, reason, offset }
}
