/** The operations that a sequence names: its steps can be taken only by operations that are saved. */
import { parseOperationName, type SequenceContent } from '#engines/sequences'
import { type Issue, issue } from './checks.ts'

type Steps = Pick<SequenceContent, 'steps'>

/** Ids of all operations that the sequence names, in steps and between them. */
export function operationsOfSequence(content: Steps): readonly string[] {
  return [...new Set(namedIn(content).map(({ operationId }) => operationId))]
}

/** A step that nobody can take would be a rule that stops everybody, or nobody. `saved` are ids. */
export function strangerIssues(content: Steps, saved: ReadonlySet<string>): readonly Issue[] {
  return namedIn(content)
    .filter(({ operationId }) => !saved.has(operationId))
    .map(({ text, path }) => issue(path, `There is no saved operation "${text}".`))
}

type Named = {
  readonly text: string
  readonly operationId: string
  readonly path: Issue['path']
}

/** Without `*`, and without what is no operation: the engine says so. */
function namedIn({ steps }: Steps): readonly Named[] {
  return steps.flatMap(({ operations, without = [] }, index) =>
    Object.entries({ operations, without }).flatMap(([member, texts]) =>
      texts.flatMap((text, place): readonly Named[] => {
        const parsed = parseOperationName(text)
        const path = ['steps', index, member, place]
        return parsed.ok ? [{ text, operationId: parsed.value.operationId, path }] : []
      }),
    ),
  )
}
