/** Distributions of whole numbers, and how two go together, that can be kept small and added up. */
export {
  EMPTY_HISTOGRAM,
  HISTOGRAM_VALUE_MAX,
  type Histogram,
  merged,
  quantile,
  withValue,
} from './histogram.ts'
export {
  bandsOf,
  correlationOf,
  EMPTY_RELATION,
  mergedRelations,
  pairsOf,
  type Relation,
  RELATION_LAST_BAND,
  RELATION_SECOND_MAX,
  withPair,
} from './relation.ts'
