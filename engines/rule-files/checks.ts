/** The small checks that everything in a rule file is made of: a value goes in, what is wrong with it comes out. */

export type Issue = {
  readonly about: 'expression' | 'form'
  /** Member names and array indexes from the checked value inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What is wrong with a value, `null` when nothing is. */
export type Check = (value: unknown) => string | null

export type Checks = {
  readonly [member: string]: { readonly check: Check; readonly required: boolean }
}

export type Members = { readonly [name: string]: unknown }

/** A value that is an object with members. */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function issue(path: readonly (string | number)[], message: string): Issue {
  return { about: 'form', path, message }
}

/** The same issue as seen from further out. */
export function below(outer: readonly (string | number)[], { about, path, message }: Issue): Issue {
  return { about, path: [...outer, ...path], message }
}

/** The issues of the members that the table names; other members are not looked at. */
export function membersIssues(
  value: Members,
  checks: Checks,
  path: readonly (string | number)[],
): readonly Issue[] {
  return Object.entries(checks).flatMap(([member, { check, required }]) => {
    const given = value[member]
    if (given === undefined)
      return required ? [issue([...path, member], 'This member is required.')] : []
    const wrong = check(given)
    return wrong === null ? [] : [issue([...path, member], wrong)]
  })
}

/** One issue for each member that is not known. */
export function strangersIssues(
  value: Members,
  known: readonly string[],
  path: readonly (string | number)[],
): readonly Issue[] {
  const strangers = Object.keys(value).filter((name) => !known.includes(name))
  const names = known.length === 0 ? 'none is' : `known are ${known.join(', ')}`
  return strangers.map((name) => issue([...path, name], `This member is not known here; ${names}.`))
}

export function textUpTo(charactersMax: number, charactersMin: number): Check {
  return (value) => {
    if (typeof value !== 'string') return 'This must be text.'
    if (value.length < charactersMin) return 'This must not be empty.'
    return value.length <= charactersMax
      ? null
      : `This has ${value.length} characters; at most ${charactersMax} are allowed.`
  }
}

export function wholeNumber(min: number, max: number): Check {
  return (value) => {
    const fits =
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    return fits ? null : `This must be a whole number from ${min} to ${max}.`
  }
}

export function oneOf(words: readonly (string | number)[]): Check {
  return (value) => {
    const known = (typeof value === 'string' || typeof value === 'number') && words.includes(value)
    return known ? null : `This must be one of ${words.join(', ')}.`
  }
}

/** A list of different texts, each of which passes the check. */
export function textsOf(check: Check, itemsMax: number): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'This must be a list.'
    if (value.length === 0) return 'This must not be empty.'
    if (value.length > itemsMax) return `This has ${value.length} items; at most ${itemsMax} fit.`
    if (new Set(value).size < value.length) return 'This names something twice.'
    const wrong = value.map(check).find((each) => each !== null)
    return wrong === undefined ? null : `An item of this is wrong. ${wrong}`
  }
}

/** Text of any length. */
export function isText(value: unknown): string | null {
  return typeof value === 'string' ? null : 'This must be text.'
}

export function isTrueOrFalse(value: unknown): string | null {
  return typeof value === 'boolean' ? null : 'This must be true or false.'
}
