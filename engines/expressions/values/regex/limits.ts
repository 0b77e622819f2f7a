/** What a regular expression may cost; depth, size and count are the limits of the original engine. */
type RegexLimits = {
  /** UTF-16 code units of one pattern: as many as an expression may have, so no pattern in one is too long. */
  readonly charactersMax: number
  /** Groups, repeats, classes and alternations inside one another (regex-syntax: `nest_limit`). */
  readonly depthMax: number
  /** Bytes of the automaton, counted as Rust's compiler does (wirefilter: `regex_compiled_size_limit`). */
  readonly automatonBytesMax: number
  /** Largest count in `{n}`, an unsigned 32-bit number in Rust; the size of the automaton ends it much earlier. */
  readonly repeatMax: number
  /** 32-bit words that one pattern may keep of what it has worked out; full, they are forgotten and worked out anew. */
  readonly cacheWordsMax: number
}

/** The limits in force; the same for every rule, so that a rule means the same everywhere. */
export const REGEX_LIMITS: RegexLimits = {
  charactersMax: 4096,
  depthMax: 250,
  automatonBytesMax: 10 * 1024 * 1024,
  repeatMax: 0xffff_ffff,
  cacheWordsMax: 16 * 1024,
}
