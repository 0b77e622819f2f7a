/**
 * Measures a GraphQL request in one forward pass over its body, whatever carries it, and never throws. Memory is taken once,
 * when the measurer is made; a request allocates its answer and little else. A request that is not understood, or is over a
 * budget, has no figures but a reason: whether it passes is for a rule over `parsed_successfully` to say.
 */
import { readDocument } from './document.ts'
import {
  clearEnvelope,
  createEnvelope,
  type Envelope,
  hashText,
  readEnvelopes,
} from './envelope.ts'
import { costOf } from './cost.ts'
import type { CostSchema } from './cost-schema.ts'
import { createExpansion, expand, type Expansion, FIGURE_MAX } from './expansion.ts'
import { type GraphqlLimits, graphqlLimits } from './limits.ts'
import { type GraphqlMeasurement, NOTHING_MEASURED, type OperationFigures } from './measurement.ts'
import {
  addOperation,
  chooseOperation,
  describeOperations,
  isOperationNamed,
  nameOf,
  type Totals,
} from './operations.ts'
import type { GraphqlReason } from './reasons.ts'
import { createScan, type Scan, startScan } from './scan.ts'
import { type Carried, findDocument, type GraphqlRequest } from './transport.ts'

export type GraphqlMeasurer = {
  measure(request: GraphqlRequest, options?: MeasureOptions): GraphqlMeasurement
  /** As `measure`, and each operation of the last document by itself. */
  describe(request: GraphqlRequest, options?: MeasureOptions): GraphqlDescription
}

type MeasureOptions = {
  /** What `query_cost` is by; without one there is none. */
  readonly schema?: CostSchema | undefined
  /** The product's documentation counts the root selection set, so that every depth is one more. Default false. */
  readonly depthCountsRoot?: boolean
}

export type GraphqlDescription = GraphqlMeasurement & {
  readonly operations: readonly OperationFigures[]
}

/** A measurer holds the memory of a pass, some 300 KB at the default limits: make one and keep it. */
export function createGraphqlMeasurer(limits: GraphqlLimits = graphqlLimits): GraphqlMeasurer {
  const memory: Memory = {
    scan: createScan(limits),
    expansion: createExpansion(limits.operationsMax + limits.fragmentsMax),
    envelope: createEnvelope(),
  }
  return {
    measure: (request, options) => measure(memory, request, options),
    describe(request, options) {
      const measurement = measure(memory, request, options)
      const isMeasured = measurement.parsed_successfully
      const operations = isMeasured ? describeOperations(memory.scan, memory.expansion) : []
      return { ...measurement, operations }
    },
  }
}

type Memory = {
  readonly scan: Scan
  readonly expansion: Expansion
  readonly envelope: Envelope
}

type Pass = Memory & { readonly options: MeasureOptions; readonly totals: Totals }

function measure(
  memory: Memory,
  request: GraphqlRequest,
  options: MeasureOptions = {},
): GraphqlMeasurement {
  const { scan } = memory
  const carried = findDocument(request, scan.limits)
  if (!carried.ok) return refusal(carried.error, null)
  const { bytes, isJson } = carried.value
  if (bytes.length > scan.limits.bodyBytesMax) return refusal('body_too_large', null)
  startScan(scan, bytes, isJson)
  const totals: Totals = { ...NOTHING_MEASURED, parsed_successfully: true }
  const { expansion, envelope } = memory
  const pass: Pass = { scan, expansion, envelope, options, totals }
  totals.batch_size = isJson ? readJson(pass, carried.value) : readRaw(pass, carried.value)
  if (scan.reason !== null) return refusal(scan.reason, scan.offset)
  addWholeDocuments(totals, scan)
  return totals
}

function readJson(pass: Pass, { operationName }: Carried): number {
  const { scan, envelope, totals } = pass
  return readEnvelopes(scan, envelope, () => {
    if (envelope.hash >= 0) {
      totals.persisted_query_hashes = [...totals.persisted_query_hashes, hashText(scan, envelope)]
    }
    if (envelope.document < 0) return
    const name = operationName === null ? -1 : envelope.operationName
    add(pass, name < 0 ? null : (each) => isOperationNamed(scan, each, name))
  })
}

function readRaw(pass: Pass, { operationName }: Carried): number {
  const { scan, envelope } = pass
  clearEnvelope(envelope)
  const end = readDocument(scan, 0)
  if (end < 0) return -1
  const isNamed = (definition: number) => nameOf(scan, definition) === operationName
  add(pass, operationName === null ? null : isNamed)
  return 1
}

/** Adds the operation that runs of the document that was read last. */
function add(
  { scan, expansion, envelope, options, totals }: Pass,
  isNamed: ((definition: number) => boolean) | null,
): void {
  totals.document_count += 1
  expand(expansion, scan.definitions)
  const definition = chooseOperation(expansion, scan.definitions, isNamed)
  if (definition < 0) return
  const extraDepth = options.depthCountsRoot === true ? 1 : 0
  addOperation(totals, scan, { definition, expansion, extraDepth })
  const { schema } = options
  if (schema === undefined) return
  const cost = costOf(scan, schema, { definition, place: envelope })
  totals.query_cost = Math.min(FIGURE_MAX, (totals.query_cost ?? 0) + cost)
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
