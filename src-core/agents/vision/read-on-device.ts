import { answerFrom, detectLanguage, type Passage } from '../../models/index.ts'
import type { Capture, CapturePicture, Citation, DocumentBlock } from '../../vault/index.ts'
import { VISION_PHRASES, type VisionPhrases } from './phrases.ts'
import type { PictureRegions } from './regions.ts'
import { type PictureWish, soughtIn } from './wish.ts'

/** Of a text that is read out, so much stands in the answer, in UTF-16 code units; all of it is kept with the picture. */
const READ_LENGTH = 3_000
const LONGEST_QUOTE = 160
const MOST_HEADINGS = 4
const MOST_DIFFERENCES = 4

/**
 * How an answer begins that the device gives, while it still reads.
 * @param failedModel the model that was to look and could not
 */
export function beginOnDevice({ userText }: Capture, failedModel: string | undefined): string {
  const phrases = VISION_PHRASES[detectLanguage(userText)]
  return `${failedModel === undefined ? phrases.reading : phrases.cannotSee(failedModel)}\n\n`
}

/** What can be said of the pictures of a capture by what was read in them: it states nothing that does not stand there. */
export function readOnDevice(capture: Capture, regions: PictureRegions, wish: PictureWish): string {
  const phrases = VISION_PHRASES[detectLanguage(capture.userText)]
  const pictures = capture.pictures ?? []
  const answer = bodyOf({ capture, pictures, regions, phrases, which: pictures.length > 1 }, wish)
  return `${answer}\n\n${phrases.limits}`
}

interface Material {
  capture: Capture
  pictures: readonly CapturePicture[]
  regions: PictureRegions
  phrases: VisionPhrases
  /** Whether pictures are named by their numbers. */
  which: boolean
}

function bodyOf(material: Material, wish: PictureWish): string {
  const { pictures, phrases } = material
  const [first, second] = pictures
  if (wish === 'compare' && first?.reading && second?.reading) return compare(material, first, second)
  if (wish === 'read') return pictures.map((picture, index) => readOut(material, picture, index + 1)).join('\n\n')
  const described = pictures.map((picture, index) => tellOf(material, picture, index + 1))
  if (wish === 'describe' || wish === 'compare' || material.regions.passages.length === 0) return described.join('\n\n')
  const found = answerFrom(soughtIn(material.capture.userText), material.regions.passages)
  const quotes = found.quotes.map(({ quote, number }) => `${quoted(quote)} [${number}]`)
  if (found.isAnswered) return phrases.answer(quotes.join('; '))
  const nearest = quotes[0]
  if (nearest) return `${phrases.notSaid} ${phrases.nearest(nearest)}`
  // "Explain this" asks for nothing that could be missing in it.
  return wish === 'explain' ? described.join('\n\n') : [phrases.notSaid, ...described].join(' ')
}

function tellOf({ regions, phrases, which }: Material, picture: CapturePicture, number: number): string {
  const { reading } = picture
  const name = which ? number : null
  if (!reading) return phrases.waiting(name)
  const lines = linesOf(picture)
  if (lines.length === 0) return phrases.nothingRead(name, sizeOf(picture))
  const headings = reading.blocks
    .filter(({ kind }) => kind === 'heading')
    .slice(0, MOST_HEADINGS)
    .map((block) => quotedBlock(reading.text, block, regions.ofPicture(number)))
  const body = reading.blocks.find(({ kind }) => kind !== 'heading')
  return [
    phrases.about(name, sizeOf(picture), lines.length),
    ...(headings.length > 0 ? [phrases.headings(headings.join('; '))] : []),
    ...(body ? [phrases.begins(quotedBlock(reading.text, body, regions.ofPicture(number)))] : []),
  ].join(' ')
}

function readOut({ regions, phrases, which }: Material, picture: CapturePicture, number: number): string {
  const name = which ? number : null
  if (!picture.reading) return phrases.waiting(name)
  const passages = regions.ofPicture(number)
  if (passages.length === 0) return phrases.nothingRead(name, sizeOf(picture))
  const shown: string[] = []
  let length = 0
  for (const passage of passages) {
    if (length > 0 && length + passage.text.length > READ_LENGTH) break
    shown.push(`${unnumbered(passage.text)} [${passage.number}]`)
    length += passage.text.length
  }
  const left = passages.slice(shown.length).reduce((sum, { text }) => sum + text.split('\n').filter(Boolean).length, 0)
  return [phrases.text(name), ...shown, ...(left > 0 ? [phrases.more(left)] : [])].join('\n\n')
}

function compare({ pictures, regions, phrases }: Material, first: CapturePicture, second: CapturePicture): string {
  const [before, after] = [linesOf(first), linesOf(second)]
  const plain = (line: string) =>
    line
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  const [known, present] = [new Set(before.map(plain)), new Set(after.map(plain))]
  const gone = before.filter((line) => !present.has(plain(line)))
  const added = after.filter((line) => !known.has(plain(line)))
  const shared = after.length - added.length
  const shown = (lines: string[], number: number) =>
    lines
      .slice(0, MOST_DIFFERENCES)
      .map((line) => quotedLine(line, regions.ofPicture(number)))
      .join('; ') + (lines.length > MOST_DIFFERENCES ? ' …' : '')
  const isSame = gone.length === 0 && added.length === 0 && before.length > 0
  return [
    phrases.sizes(sizeOf(first), sizeOf(second)),
    ...(isSame ? [phrases.sameText] : []),
    ...(gone.length > 0 ? [phrases.onlyIn(1, shown(gone, 1))] : []),
    ...(added.length > 0 ? [phrases.onlyIn(2, shown(added, 2))] : []),
    ...(!isSame && shared > 0 ? [phrases.inBoth(shared)] : []),
    ...(before.length === 0 ? [phrases.nothingRead(1, sizeOf(first))] : []),
    ...(after.length === 0 ? [phrases.nothingRead(2, sizeOf(second))] : []),
    ...(pictures.length > 2 ? [phrases.tooMany(pictures.length - 2)] : []),
  ].join(' ')
}

function linesOf({ reading }: CapturePicture): string[] {
  return (reading?.text ?? '').split('\n').filter((line) => line.trim() !== '')
}

function quotedBlock(text: string, { start, end }: DocumentBlock, passages: readonly Passage[]): string {
  return quotedLine(text.slice(start, end).split('\n')[0] ?? '', passages)
}

/** The line as it stands there, with the number of the passage that holds it. */
function quotedLine(line: string, passages: readonly Passage[]): string {
  const said = cut(line.trim())
  const number = passages.find(({ text }) => text.includes(said))?.number
  return `${quoted(said)}${number === undefined ? '' : ` [${number}]`}`
}

/** Quotation marks of its own would end the quotation, and a number in brackets would name a passage. */
function quoted(text: string): string {
  return `“${unnumbered(text.replace(/[“”]/g, '"'))}”`
}

function unnumbered(text: string): string {
  return text.replace(/\[([\d, ]+)\]/g, '($1)')
}

/** The citations of such an answer, each narrowed to the words that are quoted before it. */
export function citedOnDevice(answer: string, offered: readonly Citation[]): Citation[] {
  const spans = new Map<number, { start: number; end: number }>()
  for (const [, quote, mark] of answer.matchAll(/(?:“([^”]*)” )?\[(\d{1,2})\]/g)) {
    const citation = offered.find(({ number }) => number === Number(mark))
    if (!citation) continue
    const span = (quote === undefined ? undefined : placeIn(citation.text, quote)) ?? {
      start: 0,
      end: citation.text.length,
    }
    const before = spans.get(citation.number) ?? span
    spans.set(citation.number, { start: Math.min(before.start, span.start), end: Math.max(before.end, span.end) })
  }
  return offered.flatMap((citation) => {
    const span = spans.get(citation.number)
    return span ? [{ ...citation, start: citation.start + span.start, end: citation.start + span.end }] : []
  })
}

/** Where a quotation stands, however its words are set apart. */
function placeIn(text: string, quote: string): { start: number; end: number } | undefined {
  const words = quote.match(/[\p{L}\p{N}]+/gu) ?? []
  const found = words.length > 0 && new RegExp(words.join('[^\\p{L}\\p{N}]+'), 'u').exec(text)
  return found ? { start: found.index, end: found.index + found[0].length } : undefined
}

function cut(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text
  const blank = text.lastIndexOf(' ', LONGEST_QUOTE)
  return text.slice(0, blank > 0 ? blank : LONGEST_QUOTE).toWellFormed()
}

function sizeOf({ width, height }: CapturePicture): string {
  return `${width} × ${height}`
}
