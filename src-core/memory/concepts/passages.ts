import type { Queries } from '../../store/index.ts'
import { type Mark, type SnippetPiece, snippetOf } from '../snippet.ts'
import { parseSubject, readSubjects, type Subject } from '../subjects.ts'
import type { Chunk } from '../types.ts'

/** A place where the learner's texts speak of something. */
export interface Passage {
  kind: Subject['kind']
  /** Capture, note or document. */
  captureId: string
  when: string
  field: Chunk['field']
  /** What the passage is about: UTF-16 code units of the field's text, end exclusive. */
  start: number
  end: number
  /** The surroundings, what it is about marked. */
  snippet: SnippetPiece[]
}

export interface PlacedMention {
  kind: string
  capture_id: string
  field: string
  created_at: Date
  /** In the field's text, in any order. */
  marks: readonly { start: number; end: number }[]
}

/** Reads the words around mentions, in the order of the mentions. What was deleted a moment ago is left out. */
export async function readPassages(
  queries: Queries,
  vaultId: string,
  mentions: readonly PlacedMention[],
): Promise<Passage[]> {
  const subjects = new Map(
    mentions.map(({ kind, capture_id }) => [`${kind}:${capture_id}`, parseSubject(`${kind}:${capture_id}`)]),
  )
  const texts = await readSubjects(
    queries,
    vaultId,
    [...subjects.values()].flatMap((subject) => subject ?? []),
  )
  const fields = new Map(
    texts.flatMap((subject) =>
      subject.fields.map((each): [string, { subject: Subject } & typeof each] => [
        `${subject.kind}:${subject.id}/${each.field}`,
        { subject, ...each },
      ]),
    ),
  )
  return mentions.flatMap(({ kind, capture_id, field, created_at, marks }) => {
    const found = fields.get(`${kind}:${capture_id}/${field}`)
    const [first] = marks
    if (!found || !first) return []
    const ordered = marks
      .map(
        ({ start, end }, at): Mark => ({
          start,
          end: start + found.text.slice(start, end).trimEnd().length,
          word: String(at),
        }),
      )
      .sort((a, b) => a.start - b.start)
    return {
      kind: found.subject.kind,
      captureId: capture_id,
      when: created_at.toISOString(),
      field: found.field,
      start: first.start,
      end: first.end,
      snippet: snippetOf(found.text, ordered),
    }
  })
}
