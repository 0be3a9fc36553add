import {
  type Capture,
  type DocumentPlace,
  pictureText,
  placeInPictures,
  type SearchHit,
} from '../../src-core/contract/index.ts'

/** A stretch of what stands in the pictures of a capture, in UTF-16 code units of the field `pictureText`, end exclusive. */
interface Stretch {
  start: number
  end: number
  /** The words there, as whoever names them knew them. */
  text?: string | undefined
  /** Where they stood then. */
  place?: DocumentPlace | null | undefined
}

/**
 * Where a stretch stands in the pictures, and its words: by what was read in them or, where they were read anew since and say something else
 * there, as it was known when it was named.
 */
export function citedPlace(
  { pictures = [] }: Pick<Capture, 'pictures'>,
  { start, end, text, place = null }: Stretch,
): { place: DocumentPlace | null; text: string } {
  const read = pictureText(pictures)
  const here = read.text.slice(start, end)
  if (text !== undefined && inOneLine(text) !== inOneLine(here)) return { place, text }
  return { place: placeInPictures(read.blocks, { start, end }) ?? place, text: here }
}

/**
 * The part of a hit from the first to the last word that its snippet marks: what was found is a few lines of a picture, and not all of it. The
 * hit itself where nothing is marked.
 */
export function markedStretch(
  hit: Pick<SearchHit, 'start' | 'end' | 'text' | 'snippet'>,
): Required<Omit<Stretch, 'place'>> {
  const { start, text, snippet } = hit
  const marks = snippet.map(({ marked }) => marked)
  const [first, last] = [marks.indexOf(true), marks.lastIndexOf(true)]
  const shown = snippet.map((piece) => piece.text)
  const lead = shown.slice(0, first).join('').replace(/^…/, '')
  const words = shown.slice(first, last + 1).join('')
  const at = first < 0 ? -1 : text.indexOf(lead + words)
  if (at < 0) return { start, end: hit.end, text }
  const from = at + lead.length
  return { start: start + from, end: start + from + words.length, text: words }
}

/** Vision joins the lines of a sentence. */
function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
