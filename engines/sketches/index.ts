/** Figures about many values that can be kept small and added up. */
export {
  DISTINCT_KEPT,
  distinctCount,
  type DistinctSketch,
  EMPTY_DISTINCT,
  mergedDistinct,
  withDistinct,
} from './distinct.ts'
