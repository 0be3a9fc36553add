import type { DocumentBlock } from '../../../vault/index.ts'
import { assemble } from '../assemble.ts'
import { tooComplex } from '../errors.ts'
import { decodeText } from '../sniff.ts'
import type { DocumentParser, RawBlock } from '../types.ts'

/** Cues of one file: an hour of speech has about a thousand. */
const MOST_CUES = 1_000_000
const TIME = String.raw`(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})`
const TIMES = new RegExp(String.raw`^[ \t]*${TIME}[ \t]+-->[ \t]+${TIME}(?:[ \t].*)?$`)
/** Of the names of the models, in UTF-16 code units. */
const LONGEST_HEARD_BY = 500
const HEARD_BY = 'NOTE heard by '
/** What an entity of WebVTT stands for (§ 4.2.2 of the specification); others stay as they are written. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00A0',
  '&lrm;': '\u200E',
  '&rlm;': '\u200F',
}

/** Captions and transcripts in WebVTT (https://www.w3.org/TR/webvtt1/): a paragraph for each cue that has words, with its seconds. */
export const vttParser: DocumentParser = {
  formats: ['vtt'],
  async parse({ bytes }) {
    const parts = decodeText(bytes)
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n')
      .replace(/\n+$/, '')
      .split(/\n{2,}/)
    if (parts.length > MOST_CUES) throw tooComplex()
    const heardBy = parts.find((part) => part.startsWith(HEARD_BY))?.slice(HEARD_BY.length)
    const parsed = assemble('', null, parts.flatMap(readCue))
    return heardBy === undefined ? parsed : { ...parsed, heardBy: unescaped(heardBy).slice(0, LONGEST_HEARD_BY) }
  },
}

/**
 * A transcript as a file of its own, which the parser reads back with the same text and seconds (of which it keeps a thousandth).
 * @param text of the whole; each block with a second becomes a cue
 * @param heardBy the models that heard it
 */
export function writeVtt(text: string, blocks: readonly DocumentBlock[], heardBy: string | null): Uint8Array {
  const parts = ['WEBVTT']
  if (heardBy !== null) parts.push(HEARD_BY + escaped(heardBy))
  let last = 0
  for (const { start, end, place } of blocks) {
    const from = place?.second ?? last
    last = Math.max(from, place?.endSecond ?? from)
    parts.push(`${time(from)} --> ${time(last)}\n${escaped(text.slice(start, end))}`)
  }
  return new TextEncoder().encode(`${parts.join('\n\n')}\n`)
}

function readCue(part: string): RawBlock[] {
  const lines = part.split('\n')
  // A cue may have a name in the line before its times.
  const at = lines.findIndex((line) => line.includes('-->'))
  const times = at === 0 || at === 1 ? TIMES.exec(lines[at] ?? '') : null
  if (!times) return []
  const text = unescaped(
    lines
      .slice(at + 1)
      .join('\n')
      .replace(/<[^<>]*>/g, ''),
  )
  return [{ kind: 'paragraph', text, place: { second: seconds(times, 1), endSecond: seconds(times, 5) } }]
}

function seconds(times: RegExpExecArray, from: number): number {
  const [hours = '0', minutes = '0', whole = '0', thousandths = '0'] = times.slice(from, from + 4)
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(whole) + Number(thousandths) / 1_000
}

/** `3723.4` is `01:02:03.400`. */
function time(second: number): string {
  const all = Math.round(second * 1_000)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const thousandths = String(all % 1_000).padStart(3, '0')
  return `${two(all / 3_600_000)}:${two((all / 60_000) % 60)}:${two((all / 1_000) % 60)}.${thousandths}`
}

/** Without marks and empty lines, which would end the cue. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r\n?|\n/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .replace(/^\n|\n$/g, '')
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|nbsp|lrm|rlm);/g, (entity) => ENTITIES[entity] ?? entity)
}
