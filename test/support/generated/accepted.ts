/** Whether the requests made from a document's own schemas are taken by the shield, as `schema validate` judges them. */
import { compileProfile, readDocument } from '#engines/openapi'
import { readGivenRequest } from '../../../cli/schema/given-request.ts'
import { createRequestJudge, type RequestJudge } from '../../../cli/schema/request-judge.ts'
import { damaged } from './damage.ts'
import { isJson, list } from './flat-schema.ts'
import { type MadeRequest, makeRequests, type Operation, operationsOf } from './make-request.ts'

export type Trial = {
  readonly made: number
  /** `POST /path`, media type and what was found. */
  readonly refused: readonly string[]
  /** How many requests were damaged, and the damage that was not noticed. */
  readonly damaged: number
  readonly unnoticed: readonly string[]
}

/** Alternatives of `anyOf` and `oneOf` that are tried before a request counts as refused: of some, two hold for one value. */
const choicesMax = 8

export function tryDocument(source: string, isFull: boolean): Trial {
  const document = readDocument(source)
  if (!document.ok) throw new Error(document.error.issues[0]?.message)
  const { profile } = compileProfile(document.value)
  const judge = createRequestJudge({ document: document.value, profile, warnings: [] })
  const { root } = document.value
  const refused: string[] = []
  const unnoticed: string[] = []
  let made = 0
  let damagedCount = 0
  for (const operation of operationsOf(root)) {
    const base = baseOf([operation.operation, operation.item, root])
    const requests = (choice: number): ReturnType<typeof makeRequests> =>
      makeRequests({ root, isFull, choice }, operation)
    for (const [index, first] of requests(0).entries()) {
      made += 1
      let found = verdict(judge, base, first)
      const broken = found === '' && !('notMade' in first) ? damaged(root, operation, first) : []
      damagedCount += broken.length
      for (const each of broken) {
        if (verdict(judge, base, each) === '') unnoticed.push(`${nameOf(operation)} ${each.damage}`)
      }
      for (let choice = 1; choice < choicesMax && found !== ''; choice++) {
        const other = requests(choice)[index]
        if (other !== undefined && verdict(judge, base, other) === '') found = ''
      }
      if (found !== '') refused.push(`${nameOf(operation)} ${found}`)
    }
  }
  return { made, refused, damaged: damagedCount, unnoticed }
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`
}

/** Of the first server, its variables as they are by default. */
function baseOf(owners: readonly unknown[]): string {
  const servers = owners.map((owner) => (isJson(owner) ? list(owner['servers']) : []))
  const [server] = servers.find((each) => each.length > 0) ?? []
  if (!isJson(server)) return ''
  const variables = Object.entries(isJson(server['variables']) ? server['variables'] : {})
  const url = variables.reduce(
    (text, [name, variable]) =>
      text.replaceAll(`{${name}}`, String(isJson(variable) ? variable['default'] : '')),
    String(server['url']),
  )
  return url.replace(/\/$/, '')
}

function verdict(
  judge: RequestJudge,
  base: string,
  made: MadeRequest | { readonly notMade: string },
): string {
  if ('notMade' in made) return `was not made: ${made.notMade}`
  const isAbsolute = /^(?:https?:\/)?\//.test(base)
  const url = `${isAbsolute ? base : ''}${made.target}`
  const request = readGivenRequest({ ...made, url })
  if (!request.ok) return request.error
  const judged = judge(request.value)
  if (judged === null) return 'has no operation'
  const [violation] = judged.validator.validate(judged.parts).violations
  if (violation === undefined) return ''
  return `${made.headers['content-type'] ?? ''} ${violation.location} ${violation.target} ${violation.error_detail}`
}
