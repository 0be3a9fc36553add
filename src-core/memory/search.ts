import type { Clock } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { collapseAlike } from './alike.ts'
import { largestFirst } from './best.ts'
import { type ChunkRow, readChunks } from './chunk-rows.ts'
import { type ChunkWords, KnownChunkWords, type WordsOfChunks } from './chunk-words.ts'
import { completionsOf, unfinishedWord } from './completion.ts'
import { Echo, type Speaking } from './echo.ts'
import {
  type Candidate,
  FIRST_SHARES,
  type FusedMatch,
  fuse,
  knownOfKin,
  SHARES,
  SHARES_OF_WORDS,
  type Shares,
  scoreOf,
  sharesBetween,
  sharesFor,
  trustInBest,
} from './fusion.ts'
import { detectLanguage } from './language/detect.ts'
import type { KnownLanguages } from './language/known-languages.ts'
import { isRomance, languageOf } from './language/languages.ts'
import { soughtContent, soughtTerms } from './language/terms.ts'
import { wordsOf } from './language/words.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './lexical/types.ts'
import type { Vocabulary } from './lexical/vocabulary.ts'
import type { WordLookup } from './lexical/word-lookup.ts'
import { lendByNeighbours, type Neighbours, storedNeighbours } from './neighbours.ts'
import { hasPhrase, phrasesOf } from './phrases.ts'
import { queryText } from './query-text.ts'
import type { QueryVectors } from './query-vectors.ts'
import { newestMatches } from './recency.ts'
import { RELEVANT, relevanceTo } from './relevance.ts'
import type { ResidentChunks } from './resident-chunks.ts'
import { DEFAULT_LIMIT, searchInTime } from './search-in-time.ts'
import { marksOf, matchedWords, type Sought, snippetOf } from './snippet.ts'
import type { NamedEvent, Telling } from './time/events.ts'
import type {
  AlikePlace,
  RankedChunk,
  SearchFilters,
  SearchHit,
  SearchRequest,
  SearchResult,
  Understood,
} from './types.ts'
import type { VectorIndex, VectorMatch } from './vectors/types.ts'

export interface SearchParts {
  db: Database
  vaultId: string
  lexical: LexicalIndex
  words: WordLookup
  vocabulary: Vocabulary
  languages: KnownLanguages
  vectors: VectorIndex
  queryVectors: QueryVectors
  /** Chunks in memory; undefined where other processes write the database. */
  resident: ResidentChunks | undefined
  /** Languages that the embedder has learned, by their codes; undefined: all. */
  learned: readonly string[] | undefined
  /** Longest part of a query that is looked at, in UTF-16 code units. */
  queryLength: number
  clock: Clock
}

const MOST_HITS = 100
/** Chunks that each side offers. More did not find more; vectors cost nothing beyond the first, a row of words does. */
const LEXICAL_CANDIDATES = 100
const SEMANTIC_CANDIDATES = 200
/** Chunks whose middle the others are compared to. */
const MIDDLE_OF = 3
/** Chunks of each side by whose languages it is judged how much the embedder knows. */
const JUDGED = 20
/** Rows of both rankings that an explanation shows. */
const EXPLAINED = 50
/** Chunks in whose words the completions of a beginning are looked for. */
const COMPLETION_TEXTS = 50
/** Hits that are read beyond the limit, because one may have been deleted a moment ago, or says what another says. */
const SPARE_HITS = 10
/** Passages that are read for the day of an event. */
const TELLINGS = 10
/** An answer of a model is no evidence. */
const TOLD_IN: SearchFilters['fields'] & {} = ['userText', 'noteText', 'documentText', 'pictureText']
/** Of a passage, so much stands in an explanation, in UTF-16 code units. */
const GLIMPSE = 160
/**
 * Cosine under which two texts have nothing to do with each other, so that nothing is found rather than the least unlike. Of the relevant
 * pairs of Cranfield and CISI 1 to 2 % lie below it, of all others a third.
 */
const MIN_COSINE = 0.15

interface ByWords {
  matches: LexicalMatch[]
  sought: Sought
  terms: string[]
  /** The query's words of content, each by the forms that a text may have of it. */
  content: string[][]
  corrections: Understood['corrections']
}

interface Joined {
  fused: FusedMatch[]
  terms: Map<string, ChunkWords>
  shares: Shares
}

type Mode = NonNullable<SearchRequest['mode']>

/**
 * Makes the one search that people and agents use. The query may be any string; a blank one finds nothing. Where the models are down,
 * words alone answer and `semantic` is false.
 * @throws LvaError cancelled, and what the database throws
 */
export function createSearch(parts: SearchParts): (request: SearchRequest) => Promise<SearchResult> {
  const { db, vaultId, lexical, words, vocabulary, languages, vectors, queryVectors } = parts
  const { resident, learned, queryLength, clock } = parts
  const chunkWords = new KnownChunkWords(db, vaultId, resident)
  const echo = new Echo()
  const rowsOf = (ids: readonly string[], signal?: AbortSignal) =>
    resident ? resident.rows(ids, signal) : readChunks(db, vaultId, ids, signal)
  const fromTable = storedNeighbours(db, vaultId)
  const neighbours: Neighbours = async (ids, signal) =>
    resident?.isReady() ? resident.neighbours(ids) : fromTable(ids, signal)

  /** @param spoken language of the query, as `detectLanguage` has it */
  async function byWords(
    text: string,
    spoken: string | null,
    options: LexicalSearch,
    asTyped: boolean,
  ): Promise<ByWords> {
    const typedTerms = soughtTerms(text, languages.codes, spoken)
    if (typedTerms.terms.length === 0) {
      const literal = text.trim()
      const matches = await words.containing(literal, options)
      return { matches, sought: { forms: typedTerms.forms, literal }, terms: [], content: [], corrections: [] }
    }
    const corrections = asTyped ? [] : await vocabulary.corrections(text, options.signal)
    const typed = corrections.length === 0 ? unfinishedWord(text) : undefined
    const completions = typed
      ? completionsOf(typed, await words.textsWithPrefix(typed, { ...options, limit: COMPLETION_TEXTS }))
      : []
    const asked = [text, ...completions, ...corrections.flatMap(({ read }) => read)].join(' ')
    const all = asked === text ? typedTerms : soughtTerms(asked, languages.codes)
    const matches = await lexical.search(all.terms, options)
    const alternatives = new Map(corrections.map(({ typed, read }) => [typed, read]))
    if (typed) alternatives.set(typed, completions)
    const content = soughtContent(text, languages.codes, { spoken, alternatives })
    return { matches, sought: { forms: all.forms }, terms: [...all.forms.keys()], content, corrections }
  }

  /**
   * Part of the query's words of content that the best find of the words has, in all of its chunks that words found; undefined where that
   * cannot be said.
   */
  function coveredBy(
    matches: readonly LexicalMatch[],
    content: ByWords['content'],
    { words: terms, numberOf }: WordsOfChunks,
  ): number | undefined {
    const [best] = matches
    if (!best || !terms.has(best.chunkId) || content.length === 0) return undefined
    const has = new Set<number>()
    for (const { chunkId, captureId } of matches) {
      if (captureId === best.captureId) for (const term of terms.get(chunkId)?.counted.terms ?? []) has.add(term)
    }
    const isThere = (form: string) => has.has(numberOf(form) ?? -1)
    return content.filter((forms) => forms.some(isThere)).length / content.length
  }

  /**
   * How much of what was found is in a language that the embedder has learned, 0 to 1. Texts that do not say count on neither side; where
   * none says, as with short turns of a conversation, the query's language counts.
   */
  function learnedPart(
    matches: readonly LexicalMatch[],
    near: readonly VectorMatch[],
    terms: Joined['terms'],
    asked: string | null,
  ): number {
    if (!learned) return 1
    const judged = [...matches.slice(0, JUDGED), ...near.slice(0, JUDGED)]
    const found = judged.flatMap(({ chunkId }) => terms.get(chunkId)?.item.language ?? [])
    const known = (code: string) => {
      if (learned.includes(code)) return 1
      return languageOf(code)?.script === 'latin' ? knownOfKin(isRomance(code), near.length, SEMANTIC_CANDIDATES) : 0
    }
    if (found.length === 0) return asked === null ? 1 : known(asked)
    return found.reduce((sum, code) => sum + known(code), 0) / found.length
  }

  /** Joins both sides: a first order by words and meaning, then one that also listens to the best of the first. */
  async function join(
    { matches, content }: Pick<ByWords, 'matches' | 'content'>,
    near: readonly VectorMatch[],
    vector: Float32Array | undefined,
    asked: string | null,
    { mode, most }: { mode: Mode; most: number },
    signal: AbortSignal | undefined,
  ): Promise<Joined> {
    const candidates = candidatesOf(matches, near)
    const ids = candidates.map(({ chunkId }) => chunkId)
    const known = await chunkWords.of(ids, signal)
    const terms = known.words
    if (mode !== 'hybrid') return { fused: fuse(candidates, FIRST_SHARES), terms, shares: FIRST_SHARES }
    const part = vector ? learnedPart(matches, near, terms, asked) : 0
    const covered = coveredBy(matches, content, known)
    const plain = sharesBetween(SHARES_OF_WORDS, FIRST_SHARES, part)
    const first = sharesFor(plain, covered)
    const scores = Float64Array.from(candidates, (candidate) => scoreOf(candidate, first))
    const places = largestFirst(scores)
    const order = places.map((place) => candidates[place] as Candidate)
    const trust = trustInBest(order.map(({ chunkId }) => terms.get(chunkId)?.counted.length ?? 0))
    const shares = sharesFor(sharesBetween(plain, sharesBetween(SHARES_OF_WORDS, SHARES, part), trust), covered)
    const middleOf = order.slice(0, MIDDLE_OF).map(({ chunkId }) => chunkId)
    const compared = vector ? await vectors.compare(ids, { vector, middleOf }, signal) : undefined
    const speaking: Speaking[] = []
    const heard: Candidate[] = []
    for (const place of places) {
      const candidate = candidates[place] as Candidate
      const own = compared?.get(candidate.chunkId)
      if (own) {
        candidate.meaning = own.cosine
        candidate.likeness = own.likeness
      }
      const words = terms.get(candidate.chunkId)
      if (!words) continue
      speaking.push({ counted: words.counted, score: scores[place] as number })
      heard.push(candidate)
    }
    const echoes = echo.of(speaking, known.numbers)
    for (let at = 0; at < heard.length; at += 1) (heard[at] as Candidate).echo = echoes[at]
    const sessionOf = ({ chunkId }: FusedMatch) => terms.get(chunkId)?.item.sessionId ?? null
    const lending = { sessionOf, isRelated, most: most + SPARE_HITS }
    const fused = await lendByNeighbours(neighbours, fuse(order, shares), lending, signal)
    return { fused, terms, shares }
  }

  async function hitsOf(
    { fused, terms }: Joined,
    { most, phrases, sought, text }: { most: number; phrases: readonly string[]; sought: Sought; text: string },
    signal: AbortSignal | undefined,
  ): Promise<SearchHit[]> {
    const best = fused.slice(0, most + SPARE_HITS)
    const ids = best.map(({ chunkId }) => chunkId)
    const chunks = await rowsOf(ids, signal)
    const there = best.flatMap((match) => {
      const chunk = chunks.get(match.chunkId)
      return chunk && phrases.every((phrase) => hasPhrase(chunk.text, phrase)) ? [{ match, chunk }] : []
    })
    const relevance = relevanceTo(text, learned)
    return collapseAlike(there, ({ match }) => terms.get(match.chunkId)?.counted.terms)
      .slice(0, most)
      .map(({ item: { match, chunk }, alike }) => ({
        ...hitOf(match, chunk, sought),
        relevance: relevance({ ...chunk, cosine: match.cosine }),
        alike: alike.map(({ chunk: other }) => alikeOf(other)),
      }))
  }

  async function searchWithin(
    request: SearchRequest,
    text: string,
    filters: SearchFilters | undefined,
  ): Promise<SearchResult> {
    const { limit = DEFAULT_LIMIT, mode = 'hybrid', signal, explain } = request
    const most = mostHits(limit)
    const understood = understoodOf(text)
    const timings = { embedMs: 0, lexicalMs: 0, semanticMs: 0, fuseMs: 0 }
    const timed = async <T>(part: keyof typeof timings, task: () => Promise<T>): Promise<T> => {
      const begun = clock.monotonic()
      const result = await task()
      timings[part] = clock.monotonic() - begun
      return result
    }
    // What has neither letters nor digits has no meaning that a vector could hold.
    const hasWords = !wordsOf(text).next().done
    const embedding =
      mode !== 'lexical' && hasWords ? timed('embedMs', () => queryVectors.vectorOf(text.trim(), signal)) : undefined
    // Waited for below; until then a failure of the other side must not leave it unheard.
    embedding?.catch(() => undefined)

    const { matches, sought, terms, content, corrections } =
      mode === 'semantic'
        ? { matches: [], sought: soughtTerms(text, languages.codes), terms: [], content: [], corrections: [] }
        : await timed('lexicalMs', () => {
            const options = { filters, limit: LEXICAL_CANDIDATES, signal }
            return byWords(text, understood.language, options, request.ignoreCorrections === true)
          })
    const vector = await embedding
    const near: VectorMatch[] = vector
      ? await timed('semanticMs', () => vectors.search(vector, { filters, limit: SEMANTIC_CANDIDATES, signal }))
      : []
    const phrases = filters?.phrases ?? []
    const { hits, shares } = await timed('fuseMs', async () => {
      const joined = await join({ matches, content }, near, vector, understood.language, { mode, most }, signal)
      return {
        hits: await hitsOf(joined, { most, phrases, sought, text: corrected(text, corrections) }, signal),
        shares: joined.shares,
      }
    })
    return {
      hits,
      known: hits.some(({ relevance }) => relevance >= RELEVANT),
      semantic: mode !== 'lexical' && (vector !== undefined || !hasWords),
      timings,
      understood: {
        ...understood,
        terms,
        phrases: [...phrases],
        corrections,
      },
      ...(explain ? { explanation: { ...(await rankings(matches, near, signal)), shares } } : {}),
    }
  }

  /** Both rankings as far as they are shown, with the beginnings of their texts. */
  async function rankings(matches: readonly LexicalMatch[], near: readonly VectorMatch[], signal?: AbortSignal) {
    const shown = [matches.slice(0, EXPLAINED), near.slice(0, EXPLAINED)] as const
    const chunks = await rowsOf([...new Set(shown.flat().map(({ chunkId }) => chunkId))], signal)
    const ranked = (side: readonly (LexicalMatch | VectorMatch)[]) =>
      side.flatMap((match) => {
        const chunk = chunks.get(match.chunkId)
        return chunk ? [rankedChunk(match, chunk)] : []
      })
    return { lexical: ranked(shown[0]), semantic: ranked(shown[1]) }
  }

  async function newest(
    request: SearchRequest,
    text: string,
    filters: SearchFilters | undefined,
  ): Promise<SearchResult> {
    const { limit = DEFAULT_LIMIT, mode, signal } = request
    const begun = clock.monotonic()
    const fused = await newestMatches(db, vaultId, filters, Math.min(MOST_HITS, limit), signal)
    const nothing = { phrases: [], sought: { forms: new Map() }, text }
    const joined = { fused, terms: new Map(), shares: FIRST_SHARES }
    const hits = await hitsOf(joined, { ...nothing, most: mostHits(limit) }, signal)
    return {
      // A time was all that was asked for, and this is from then.
      hits: hits.map((hit) => ({ ...hit, relevance: 1 })),
      known: hits.length > 0,
      semantic: mode !== 'lexical',
      timings: { embedMs: 0, lexicalMs: clock.monotonic() - begun, semanticMs: 0, fuseMs: 0 },
      understood: understoodOf(text),
    }
  }

  async function tellings({ name }: NamedEvent, { filters, signal }: SearchRequest): Promise<Telling[]> {
    const { terms } = soughtTerms(name, languages.codes)
    const own: SearchFilters = { fields: TOLD_IN, ...(filters?.exclude && { exclude: filters.exclude }) }
    const matches = await lexical.search(terms, { filters: own, limit: TELLINGS, signal })
    const ids = matches.map(({ chunkId }) => chunkId)
    const chunks = await rowsOf(ids, signal)
    return [...chunks.values()].map((chunk) => ({ ...chunk, when: chunk.createdAt }))
  }

  const search = searchInTime({ clock, within: searchWithin, newest, tellings })

  return async (request) => {
    const { filters, signal } = request
    signal?.throwIfAborted()
    const text = queryText(request.query, queryLength)
    if (text === '') {
      const timings = { embedMs: 0, lexicalMs: 0, semanticMs: 0, fuseMs: 0 }
      const semantic = request.mode !== 'lexical'
      return { hits: [], known: false, semantic, timings, understood: understoodOf('') }
    }
    const phrases = [...(filters?.phrases ?? []), ...phrasesOf(text)]
    return search(request, text, phrases.length > 0 ? { ...filters, phrases } : filters)
  }
}

function mostHits(limit: number): number {
  return Math.min(MOST_HITS, Math.max(1, limit))
}

function understoodOf(text: string): Understood {
  const language = text === '' ? null : detectLanguage(text)
  const nothing = { terms: [], phrases: [], corrections: [], period: null, emptyPeriod: null, undated: null }
  return { text: text.trim(), language, ...nothing, order: 'relevance' }
}

/** The query with its slips read as what is nearest to them. */
function corrected(text: string, corrections: Understood['corrections']): string {
  return corrections.reduce((read, { typed, read: [nearest = typed] }) => read.replace(typed, () => nearest), text)
}

function candidatesOf(matches: readonly LexicalMatch[], near: readonly VectorMatch[]): Candidate[] {
  const best = matches[0]?.score || 1
  const candidates = new Map<string, Candidate>()
  for (const { chunkId, captureId, score } of matches) {
    candidates.set(chunkId, candidate(chunkId, captureId, Math.min(1, score / best)))
  }
  for (const { chunkId, captureId, cosine } of near) {
    const own = candidates.get(chunkId) ?? candidate(chunkId, captureId)
    own.meaning = cosine
    own.near = true
    candidates.set(chunkId, own)
  }
  return [...candidates.values()]
}

/** All have the same properties from the start, which is quicker for hundreds of them. */
function candidate(chunkId: string, captureId: string, words?: number): Candidate {
  return { chunkId, captureId, words, meaning: undefined, near: false, likeness: undefined, echo: undefined }
}

function rankedChunk(match: LexicalMatch | VectorMatch, { kind, field, start, end, text }: ChunkRow): RankedChunk {
  const { chunkId, captureId } = match
  const score = 'score' in match ? match.score : match.cosine
  return { chunkId, captureId, score, kind, field, start, end, text: text.slice(0, GLIMPSE).toWellFormed() }
}

function alikeOf({ captureId, kind, field, start, end, text, createdAt }: ChunkRow): AlikePlace {
  return {
    captureId,
    kind,
    field,
    start,
    end,
    when: createdAt.toISOString(),
    text: text.slice(0, GLIMPSE).toWellFormed(),
  }
}

function isRelated({ lexicalRank, cosine }: FusedMatch): boolean {
  return lexicalRank !== undefined || (cosine ?? 0) >= MIN_COSINE
}

function hitOf(match: FusedMatch, chunk: ChunkRow, sought: Sought): Omit<SearchHit, 'relevance' | 'alike'> {
  const { chunkId, captureId, score, ...why } = match
  const marks = marksOf(chunk.text, sought, chunk.language)
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
    language: chunk.language,
  }
}
