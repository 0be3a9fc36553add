import type { Clock } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { type ChunkRow, readChunks } from './chunk-rows.ts'
import { completionsOf, unfinishedWord } from './completion.ts'
import { type FusedMatch, fuse } from './fusion.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './lexical/types.ts'
import type { WordLookup } from './lexical/word-lookup.ts'
import { queryText } from './query-text.ts'
import type { QueryVectors } from './query-vectors.ts'
import { marksOf, matchedWords, type Sought, snippetOf, soughtForms } from './snippet.ts'
import type { SearchHit, SearchRequest, SearchResult } from './types.ts'
import type { VectorIndex, VectorMatch } from './vectors/types.ts'
import { wordsOf } from './words.ts'

export interface SearchParts {
  db: Database
  vaultId: string
  lexical: LexicalIndex
  words: WordLookup
  vectors: VectorIndex
  queryVectors: QueryVectors
  /** Longest part of a query that is looked at, in UTF-16 code units. */
  queryLength: number
  clock: Clock
}

const DEFAULT_LIMIT = 20
const MOST_HITS = 100
/** Chunks that each side offers. More did not find more; vectors cost nothing beyond the first, a row of words does. */
const LEXICAL_CANDIDATES = 100
const SEMANTIC_CANDIDATES = 200
/** Chunks in whose words the completions of a beginning are looked for. */
const COMPLETION_TEXTS = 50
/** Hits that are read beyond the limit, because one may have been deleted a moment ago. */
const SPARE_HITS = 10
/**
 * Cosine under which two texts have nothing to do with each other, so that nothing is found rather than the least unlike. Of the relevant
 * pairs of Cranfield and CISI 1 to 2 % lie below it, of all others a third.
 */
const MIN_COSINE = 0.15

/**
 * Makes the one search that people and agents use. The query may be any string; a blank one finds nothing. Where the models are down,
 * words alone answer and `semantic` is false.
 * @throws LvaError cancelled, and what the database throws
 */
export function createSearch(parts: SearchParts): (request: SearchRequest) => Promise<SearchResult> {
  const { db, vaultId, lexical, words, vectors, queryVectors, queryLength, clock } = parts

  async function byWords(text: string, options: LexicalSearch): Promise<{ matches: LexicalMatch[]; sought: Sought }> {
    const forms = soughtForms(wordsOf(text))
    if (forms.size === 0) {
      const literal = text.trim()
      return { matches: await words.containing(literal, options), sought: { forms, literal } }
    }
    const typed = unfinishedWord(text)
    const completions = typed
      ? completionsOf(typed, await words.textsWithPrefix(typed, { ...options, limit: COMPLETION_TEXTS }))
      : []
    const asked = [text, ...completions].join(' ')
    return { matches: await lexical.search(asked, options), sought: { forms: soughtForms(wordsOf(asked)) } }
  }

  return async ({ query, filters, limit = DEFAULT_LIMIT, mode = 'hybrid', signal }) => {
    const timings = { embedMs: 0, lexicalMs: 0, semanticMs: 0, fuseMs: 0 }
    const timed = async <T>(part: keyof typeof timings, task: () => Promise<T>): Promise<T> => {
      const begun = clock.monotonic()
      const result = await task()
      timings[part] = clock.monotonic() - begun
      return result
    }
    signal?.throwIfAborted()
    const text = queryText(query, queryLength)
    if (text === '') return { hits: [], semantic: mode !== 'lexical', timings }
    // What has neither letters nor digits has no meaning that a vector could hold.
    const hasWords = !wordsOf(text).next().done
    const embedding =
      mode !== 'lexical' && hasWords ? timed('embedMs', () => queryVectors.vectorOf(text.trim(), signal)) : undefined
    // Waited for below; until then a failure of the other side must not leave it unheard.
    embedding?.catch(() => undefined)

    const { matches, sought } =
      mode === 'semantic'
        ? { matches: [], sought: { forms: soughtForms(wordsOf(text)) } }
        : await timed('lexicalMs', () => byWords(text, { filters, limit: LEXICAL_CANDIDATES, signal }))
    const vector = await embedding
    const near: VectorMatch[] = vector
      ? await timed('semanticMs', () => vectors.search(vector, { filters, limit: SEMANTIC_CANDIDATES, signal }))
      : []

    const hits = await timed('fuseMs', async () => {
      const fused = fuse(matches, near).filter((match) => mode !== 'hybrid' || isRelated(match))
      const most = Math.min(MOST_HITS, Math.max(1, limit))
      const best = fused.slice(0, most + SPARE_HITS)
      const chunks = await readChunks(
        db,
        vaultId,
        best.map(({ chunkId }) => chunkId),
        signal,
      )
      return best
        .flatMap((match) => {
          const chunk = chunks.get(match.chunkId)
          return chunk ? [hitOf(match, chunk, sought)] : []
        })
        .slice(0, most)
    })
    return { hits, semantic: mode !== 'lexical' && (vector !== undefined || !hasWords), timings }
  }
}

function isRelated({ lexicalRank, cosine }: FusedMatch): boolean {
  return lexicalRank !== undefined || (cosine ?? 0) >= MIN_COSINE
}

function hitOf(match: FusedMatch, chunk: ChunkRow, sought: Sought): SearchHit {
  const { chunkId, captureId, score, ...why } = match
  const marks = marksOf(chunk.text, sought)
  return {
    captureId,
    kind: chunk.kind,
    sessionId: chunk.sessionId,
    chunkId,
    field: chunk.field,
    start: chunk.start,
    end: chunk.end,
    snippet: snippetOf(chunk.text, marks),
    text: chunk.text,
    when: chunk.createdAt.toISOString(),
    source: chunk.source,
    heading: chunk.heading,
    place: chunk.place,
    score,
    why: { ...why, words: matchedWords(marks, sought) },
  }
}
