import { goesOn } from '../kernel/index.ts'
import { estimateTokens, TokenMeter, tokenFactor } from './token-estimate.ts'

/** A stretch of a text. Places count UTF-16 code units, end exclusive; the chunk's text is exactly that slice. */
export interface Span {
  start: number
  end: number
}

/**
 * Estimated word pieces that one chunk may hold: about 170 words of English, fewer of other languages, and with the estimate's error still
 * within the 256 at which the embedder stops reading.
 */
export const CHUNK_TOKENS = 230
/** Word pieces that two neighbours share where a sentence had to be cut. */
const OVERLAP_TOKENS = 24
/** From this share of its size on, a chunk rather ends with the paragraph than begins the next. */
const PARAGRAPH_SHARE = 0.6
/** The segmenter sees at most this many code units at once, which bounds its memory. */
const WINDOW = 1 << 16

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Cuts a text into chunks of whole sentences, of about equal size. Neighbours overlap only where one sentence is longer than a chunk and
 * had to be cut. White space at the ends of a chunk is left out; a text of white space alone has no chunks.
 * @returns spans in the order of the text, which together cover everything but white space
 */
export function chunkText(text: string): Span[] {
  const budget = CHUNK_TOKENS / tokenFactor(text)
  const pieces = sentencePieces(text, budget)
  const total = pieces.reduce((sum, piece) => sum + piece.size, 0)
  const size = total / Math.max(1, Math.ceil(total / budget))
  return pack(pieces, size, budget).flatMap((span) => trim(text, span))
}

interface Piece extends Span {
  /** Estimated word pieces. */
  size: number
  /** A paragraph ends here. */
  endsParagraph: boolean
  /** Part of a sentence that was too long; stands alone. */
  alone: boolean
}

/** Word pieces between two places; long runs of letters or blanks, which the estimate takes lightly, count by their length. */
function sizeOf(text: string, start: number, end: number): number {
  return Math.max(estimateTokens(text, start, end), (end - start) / UNITS_PER_TOKEN)
}

/** Code units that one word piece may stand for at most; so a chunk also has a greatest length, which the indexes need. */
const UNITS_PER_TOKEN = 8

/** Fills chunks with pieces up to about `size`, a little more or less where that ends a chunk with its paragraph. */
function pack(pieces: readonly Piece[], size: number, budget: number): Span[] {
  const toParagraphEnd = sizesToParagraphEnd(pieces)
  const chunks: Span[] = []
  let open: (Span & { size: number }) | undefined
  const close = () => {
    if (open) chunks.push({ start: open.start, end: open.end })
    open = undefined
  }
  for (const [index, piece] of pieces.entries()) {
    if (piece.alone) {
      close()
      chunks.push({ start: piece.start, end: piece.end })
      continue
    }
    if (open) {
      const paragraphFits = open.size + (toParagraphEnd[index] ?? 0) <= budget
      // Half of the next sentence beyond the size is nearer to it than stopping short; the budget itself is never passed.
      const pieceFits = open.size + piece.size <= budget && open.size + piece.size / 2 <= size
      if (!paragraphFits && !pieceFits) close()
    }
    if (open) {
      open.end = piece.end
      open.size += piece.size
    } else open = { start: piece.start, end: piece.end, size: piece.size }
    if (piece.endsParagraph && open.size >= size * PARAGRAPH_SHARE) close()
  }
  close()
  return chunks
}

/** For each piece, the size from its beginning to the end of its paragraph; infinite where the paragraph cannot be one chunk's. */
function sizesToParagraphEnd(pieces: readonly Piece[]): number[] {
  const sizes = new Array<number>(pieces.length)
  let sum = 0
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    const piece = pieces[index] as Piece
    if (piece.endsParagraph) sum = 0
    sum += piece.alone ? Number.POSITIVE_INFINITY : piece.size
    sizes[index] = sum
  }
  return sizes
}

/** The sentences of a text, each within the budget; longer ones come in overlapping parts. */
function sentencePieces(text: string, budget: number): Piece[] {
  const pieces: Piece[] = []
  for (const sentence of sentencesOf(text)) {
    const size = sizeOf(text, sentence.start, sentence.end)
    if (size <= budget) {
      pieces.push({ ...sentence, size, endsParagraph: endsParagraph(text, sentence), alone: false })
      continue
    }
    for (const part of weakSentencesOf(text, sentence)) {
      const partSize = sizeOf(text, part.start, part.end)
      if (partSize <= budget) {
        pieces.push({ ...part, size: partSize, endsParagraph: endsParagraph(text, part), alone: false })
      } else {
        for (const cut of cutSentence(text, part, budget)) pieces.push({ ...cut, endsParagraph: false, alone: true })
      }
    }
  }
  return pieces
}

function endsParagraph(text: string, sentence: Span): boolean {
  return /\n[^\S\n]*\n\s*$/.test(text.slice(Math.max(sentence.start, sentence.end - 8), sentence.end))
}

/**
 * A stretch that the segmenter takes for one sentence, cut after each full stop: it sees no end where the next word begins in lower case,
 * and people who type quickly write whole pages so.
 */
function weakSentencesOf(text: string, sentence: Span): Span[] {
  const spans: Span[] = []
  let start = sentence.start
  for (const match of text.slice(sentence.start, sentence.end).matchAll(/[.!?](?=\s)/g)) {
    const end = sentence.start + match.index + 1
    if (isWithin(text, { start, end })) continue
    spans.push({ start, end })
    start = end
  }
  if (start < sentence.end) spans.push({ start, end: sentence.end })
  return spans
}

/** So much on either side tells whether a sentence ends, in UTF-16 code units. */
const LOOKED_AT = 40

/** Whether the full stop at the end of this stretch ends no sentence. */
function isWithin(text: string, { start, end }: Span): boolean {
  return goesOn(text.slice(Math.max(start, end - LOOKED_AT), end), text.slice(end, end + LOOKED_AT))
}

/** Sentence spans that cover the whole text. Blank ones (empty lines) belong to the sentence before. */
function sentencesOf(text: string): Span[] {
  const spans: Span[] = []
  let joinNext = false
  for (const { start, end } of segmentsOf(text)) {
    const blank = text.slice(start, end).trim() === ''
    const last = spans.at(-1)
    if (last && (joinNext || blank)) last.end = end
    else spans.push({ start, end })
    if (!blank) joinNext = isWithin(text, { start, end })
  }
  return spans
}

/**
 * What the segmenter calls sentences, seen through windows of a long text. The last one of a window may go on beyond it, so the next
 * window begins there.
 *
 *     text      |A. B. C. D. E. F. G. H.|
 *     window 1  |A. B. C. D|              gives A, B, C
 *     window 2           |D. E. F. G|     gives D, E, F
 */
function* segmentsOf(text: string): Generator<Span> {
  for (let from = 0; from < text.length; ) {
    const to = Math.min(text.length, avoidSurrogatePair(text, from + WINDOW))
    let held: Span | undefined
    for (const { segment, index } of sentences.segment(text.slice(from, to))) {
      if (held) yield held
      held = { start: from + index, end: from + index + segment.length }
    }
    if (!held) return
    if (to < text.length && held.start > from) from = held.start
    else {
      yield held
      from = to
    }
  }
}

/**
 * Cuts one sentence that is too long into parts of about equal size that overlap a little: after a clause or a word where there is one,
 * else between graphemes.
 */
function cutSentence(text: string, sentence: Span, budget: number): (Span & { size: number })[] {
  const total = sizeOf(text, sentence.start, sentence.end)
  const count = Math.ceil((total - OVERLAP_TOKENS) / (budget - OVERLAP_TOKENS))
  // A part that stops at a clause is shorter than its share, so the share is a little larger than an equal one.
  const share = Math.min(budget, Math.ceil(1.15 * ((total - OVERLAP_TOKENS) / count + OVERLAP_TOKENS)))
  const parts: (Span & { size: number })[] = []
  for (let start = sentence.start; ; ) {
    const hardEnd = placeAfterTokens(text, start, sentence.end, share)
    const end = hardEnd === sentence.end ? hardEnd : goodCut(text, start, hardEnd)
    parts.push({ start, end, size: sizeOf(text, start, end) })
    if (end === sentence.end) return parts
    start = overlapStart(text, start, end)
  }
}

/** The last place at or before `end` where at most `tokens` estimated word pieces have been read from `start`; at least one code point on. */
function placeAfterTokens(text: string, start: number, end: number, tokens: number): number {
  const meter = new TokenMeter()
  const limit = Math.min(end, start + tokens * UNITS_PER_TOKEN)
  for (let place = start; place < limit; place += 1) {
    meter.read(text.charCodeAt(place))
    if (meter.tokens > tokens) return Math.max(avoidSurrogatePair(text, place), start + codePointLength(text, start))
  }
  return limit === end ? end : avoidSurrogatePair(text, limit)
}

/** A place in the last third of a part after which it reads well to stop: a clause, else a word, else a grapheme. */
function goodCut(text: string, start: number, end: number): number {
  let word: number | undefined
  for (let place = end; place > end - (end - start) / 3; place -= 1) {
    const before = text.charAt(place - 1)
    if (WIDE_CLAUSE_END.includes(before)) return place
    if (before.trim() !== '') continue
    if (CLAUSE_END.includes(text.charAt(place - 2))) return place
    word ??= place
  }
  return word ?? graphemeBoundary(text, start, end)
}

/** End a clause when white space follows. */
const CLAUSE_END = ',;:)]'
/** End a clause by themselves. */
const WIDE_CLAUSE_END = '、,;:'

/** Where the part after a cut at `end` begins: a few words before it. */
function overlapStart(text: string, start: number, end: number): number {
  let place = end
  const meter = new TokenMeter()
  const earliest = start + Math.ceil((end - start) / 2)
  while (place > earliest && meter.tokens < OVERLAP_TOKENS) {
    place -= 1
    meter.read(text.charCodeAt(place))
  }
  const blank = text.slice(place, end).search(/\s\S/)
  return blank >= 0 ? place + blank + 1 : graphemeBoundary(text, start, place)
}

/** The last boundary between graphemes at or before `place`, looked for in the few code units before it. */
function graphemeBoundary(text: string, start: number, place: number): number {
  const from = Math.max(start, avoidSurrogatePair(text, Math.max(start, place - 64)))
  let boundary = from
  for (const { index, segment } of graphemes.segment(text.slice(from, place + 64))) {
    if (from + index + segment.length > place) break
    boundary = from + index + segment.length
  }
  return boundary > start + 1
    ? boundary
    : Math.max(avoidSurrogatePair(text, place), start + codePointLength(text, start))
}

function trim(text: string, span: Span): Span[] {
  let { start, end } = span
  while (start < end && isBlank(text, start)) start += 1
  while (end > start && isBlank(text, end - 1)) end -= 1
  return start < end ? [{ start, end }] : []
}

function isBlank(text: string, place: number): boolean {
  return text.charAt(place).trim() === ''
}

function avoidSurrogatePair(text: string, place: number): number {
  const before = text.charCodeAt(place - 1)
  const after = text.charCodeAt(place)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff ? place - 1 : place
}

function codePointLength(text: string, place: number): number {
  return (text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1
}
