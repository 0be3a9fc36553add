import { headingText, RELEVANT, type SearchHit } from '../memory/index.ts'
import type { Passage, PassageOrigin } from '../models/index.ts'
import type { Citation } from '../vault/index.ts'

/** Passages that one answer may be given. */
export const MAX_PASSAGES = 6
/** A passage longer than this is cut around its beginning, in UTF-16 code units; a prompt needs the point, not the page. */
const MAX_PASSAGE_LENGTH = 1_200
/** Headings around a passage, in UTF-16 code units. */
const MAX_UNDER_LENGTH = 300

/** What the learner said or wrote themselves. */
export const OWN_FIELDS = ['userText', 'noteText'] as const
/** That, and what they read: words of others. */
export const READ_FIELDS = [...OWN_FIELDS, 'documentText', 'pictureText'] as const

/** Where the words of a field are from. */
export const ORIGIN_OF: Record<Citation['field'], PassageOrigin> = {
  userText: 'said',
  noteText: 'note',
  documentText: 'document',
  pictureText: 'picture',
  agentText: 'answer',
}

/** Whether a place holds words that the learner did not write. */
export function isForeign({ field }: Pick<Citation, 'field'>): boolean {
  return !OWN_FIELDS.some((own) => own === field)
}

/** A passage and the place it was taken from. */
export interface GroundedPassage {
  passage: Passage
  citation: Citation
}

/**
 * Chooses from search hits what an answer may rest on: what is relevant, each capture once, best first.
 * @param first the number of the first passage
 */
export function chooseGrounding(hits: readonly SearchHit[], first = 1): GroundedPassage[] {
  const seen = new Set<string>()
  const chosen: GroundedPassage[] = []
  for (const hit of hits) {
    if (chosen.length === MAX_PASSAGES) break
    if (seen.has(hit.captureId) || hit.relevance < RELEVANT) continue
    seen.add(hit.captureId)
    chosen.push(groundedPassage(chosen.length + first, hit))
  }
  return chosen
}

function groundedPassage(number: number, hit: SearchHit): GroundedPassage {
  const text = cutAtWord(hit.text, MAX_PASSAGE_LENGTH)
  return {
    passage: {
      number,
      captureId: hit.captureId,
      from: ORIGIN_OF[hit.field],
      text,
      ...(hit.heading.length > 0 && { under: cutAtWord(headingText(hit.heading), MAX_UNDER_LENGTH) }),
      when: hit.when,
      score: hit.relevance,
    },
    citation: {
      number,
      captureId: hit.captureId,
      kind: hit.kind,
      field: hit.field,
      start: hit.start,
      end: hit.start + text.length,
      text,
      when: hit.when,
      ...(hit.field === 'pictureText' && hit.place && { place: hit.place }),
    },
  }
}

/** The beginning of a text that is longer than that, up to the last blank before, so that it stays an exact slice. */
function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text
  const blank = text.lastIndexOf(' ', most)
  return text.slice(0, blank > most / 2 ? blank : most)
}
