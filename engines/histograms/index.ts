/** Distributions of whole numbers that can be kept small and added up. */
export {
  EMPTY_HISTOGRAM,
  HISTOGRAM_VALUE_MAX,
  type Histogram,
  merged,
  quantile,
  withValue,
} from './histogram.ts'
