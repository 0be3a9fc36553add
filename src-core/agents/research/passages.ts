import { sentencesIn } from '../../kernel/index.ts'
import type { Embedder } from '../../models/index.ts'
import type { Source } from '../../vault/index.ts'
import type { LookedUp } from './desk.ts'
import type { ResearchSource } from './types.ts'

/** What a source gave. */
export interface Given extends LookedUp {
  source: Pick<ResearchSource, 'kind'>
}

/** Passages that are weighed, those of each text, and those that are given. */
const MOST_WEIGHED = 60
const MOST_OF_TEXT = 12
const MOST_GIVEN = 4
const MOST_GIVEN_OF_TEXT = 2
/** Length of a passage, in UTF-16 code units: sentences are joined up to the first, and cut at the second. */
const JOINED_TO = 320
const LONGEST = 480
/** From this likeness on a passage is about the question though it has none of its words (all-MiniLM-L6-v2). */
const ALIKE = 0.45
/** What the words in common count beside the likeness. */
const WORDS_COUNT = 0.6

/**
 * The passages that say most about the question, as numbered sources, the best first. Each quotes its text word for word. Meaning counts and
 * words do; without an embedder, words alone.
 */
export async function bestPassages(
  question: string,
  given: readonly Given[],
  embedder: Pick<Embedder, 'embed'> | undefined,
  signal: AbortSignal,
): Promise<Source[]> {
  const passages = given.flatMap(({ source, found, at }) =>
    found.flatMap(({ text, title, url }) => {
      const pieces = piecesOf(text).slice(0, MOST_OF_TEXT)
      return pieces.map((quote, place) => ({ quote, place, title, url, kind: source.kind, at }))
    }),
  )
  const weighed = passages.slice(0, MOST_WEIGHED)
  const likeness = await likenessOf(
    question,
    weighed.map(({ title, quote }) => `${title}: ${quote}`),
    embedder,
    signal,
  )
  const asked = stemsOf(question)
  const scored = weighed
    .map((passage, at) => {
      const said = stemsOf(`${passage.title} ${passage.quote}`)
      const words = [...asked].filter((stem) => said.has(stem)).length / Math.max(1, asked.size)
      return { passage, words, alike: likeness?.[at] ?? 0, score: (likeness?.[at] ?? 0) + WORDS_COUNT * words }
    })
    .filter(({ words, alike }) => words > 0 || alike >= ALIKE)
    .sort((a, b) => b.score - a.score)
  const of = new Map<string, number>()
  const chosen: Source[] = []
  for (const { passage } of scored) {
    const text = passage.url ?? passage.title
    const before = of.get(text) ?? 0
    const isSaid = chosen.some(({ quote }) => quote === passage.quote)
    if (chosen.length === MOST_GIVEN || before === MOST_GIVEN_OF_TEXT || isSaid) continue
    of.set(text, before + 1)
    const { kind, title, url, quote, at } = passage
    chosen.push({ number: chosen.length + 1, kind, title, url, quote, at })
  }
  return chosen
}

/** A text in runs of sentences, each a slice of it. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  for (const paragraph of text.split(/\n+/)) {
    let start = 0
    let end = 0
    const close = () => {
      const piece = paragraph.slice(start, end).trim()
      if (piece !== '') pieces.push(piece.slice(0, LONGEST).trimEnd())
      start = end
    }
    for (const sentence of sentencesIn(paragraph)) {
      if (end > start && sentence.end - start > JOINED_TO) close()
      end = sentence.end
    }
    close()
  }
  return pieces
}

/** Cosines with the question; undefined where nothing can be embedded, which a slow or broken models process is no reason to fail for. */
async function likenessOf(
  question: string,
  texts: readonly string[],
  embedder: Pick<Embedder, 'embed'> | undefined,
  signal: AbortSignal,
): Promise<number[] | undefined> {
  if (!embedder || texts.length === 0) return undefined
  try {
    const [asked, ...vectors] = await embedder.embed([question, ...texts], { signal })
    return vectors.map((vector) => vector.reduce((sum, value, at) => sum + value * (asked?.[at] ?? 0), 0))
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

/** Beginnings of words, so that "weights" and "weighted" meet. */
function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.filter((one) => one.length > 3 || /\P{Script=Latin}/u.test(one)).map((one) => one.slice(0, 6)))
}
