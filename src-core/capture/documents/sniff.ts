import { analyse } from 'chardet'
import { isOle, oleStreamNames } from './parsers/ole.ts'
import { isMpegSound } from './sound/mpeg.ts'
import type { DocumentFormat } from './types.ts'

/** Bytes at the beginning that are looked at for what kind of text it is. */
const HEAD = 65_536

/** Part of the pairs of bytes of which one is zero, in UTF-16 of mostly Western letters. */
const LEAST_ZEROS = 0.4

/** Encodings that write a letter with two bytes, the more common first. */
const PAIRED = ['Shift_JIS', 'EUC-JP', 'EUC-KR', 'Big5', 'GB18030']

const SIGNATURES: readonly { bytes: readonly number[]; format: DocumentFormat }[] = [
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], format: 'image' },
  { bytes: [0xff, 0xd8, 0xff], format: 'image' },
  { bytes: [0x49, 0x49, 0x2a, 0x00], format: 'image' },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], format: 'image' },
  { bytes: [0x47, 0x49, 0x46, 0x38], format: 'image' },
  { bytes: [0x42, 0x4d], format: 'image' },
  { bytes: [0x49, 0x44, 0x33], format: 'audio' },
  { bytes: [0x1a, 0x45, 0xdf, 0xa3], format: 'audio' },
  { bytes: [0x4f, 0x67, 0x67, 0x53], format: 'audio' },
  { bytes: [0x66, 0x4c, 0x61, 0x43], format: 'audio' },
]

/** Parts by which a packed file is told. */
const PACKED: readonly { part: string; format: DocumentFormat }[] = [
  // Some programs write document2.xml.
  { part: 'word/document', format: 'docx' },
  { part: 'ppt/presentation.xml', format: 'pptx' },
  { part: 'xl/workbook.xml', format: 'xlsx' },
  { part: 'META-INF/container.xml', format: 'epub' },
  // Parts of OpenDocument have no names of their own; its kind stands at the beginning, as it is.
  { part: 'mimetypeapplication/vnd.oasis.opendocument.text', format: 'odt' },
  { part: 'mimetypeapplication/vnd.oasis.opendocument.presentation', format: 'odp' },
  { part: 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet', format: 'ods' },
]

/** Streams by which a compound file of older Office programs is told. */
const COMPOUND: readonly { stream: string; format: DocumentFormat }[] = [
  { stream: 'Workbook', format: 'xls' },
  { stream: 'Book', format: 'xls' },
  { stream: '__properties_version1.0', format: 'msg' },
]

/** Pictures that are packed like films (HEIF, AVIF). */
const PICTURE_BRANDS = ['heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif', 'avis']

/** A page without its outer elements begins with one of these. */
const PAGE_PART = /^\s*<(?:title|meta|h[1-6]|p|div|table|ul|ol|section|article|main)\b[^<>]*>/i

/** What the bytes are. The name only decides between kinds of text that look alike. */
export function sniff(bytes: Uint8Array, name: string): DocumentFormat {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Some programs write a few bytes before the header.
  if (buffer.subarray(0, 1_024).includes('%PDF-')) return 'pdf'
  if (startsWith(buffer, [0x50, 0x4b])) return PACKED.find(({ part }) => buffer.includes(part))?.format ?? 'unknown'
  if (isOle(buffer)) {
    const streams = oleStreamNames(buffer)
    return COMPOUND.find(({ stream }) => streams.includes(stream))?.format ?? 'unknown'
  }
  if (buffer.subarray(0, 5).equals(Buffer.from('{\\rtf'))) return 'rtf'
  if (buffer.subarray(0, 4).equals(Buffer.from('RIFF'))) {
    const kind = buffer.subarray(8, 12).toString('latin1')
    return kind === 'WAVE' ? 'audio' : kind === 'WEBP' ? 'image' : 'unknown'
  }
  if (buffer.subarray(4, 8).toString('latin1') === 'ftyp') {
    return PICTURE_BRANDS.includes(buffer.subarray(8, 12).toString('latin1')) ? 'unknown' : 'audio'
  }
  const known = SIGNATURES.find((signature) => startsWith(buffer, signature.bytes))
  // "BM" is short: text may begin with it too.
  if (known && (known.bytes.length > 2 || !isText(buffer))) return known.format
  if (isMpegSound(buffer)) return 'audio'
  return isText(buffer) ? textFormat(decodeText(buffer.subarray(0, HEAD)), name) : 'unknown'
}

/** True for an Office file behind a password, which is an OLE container with a stream of that name in UTF-16. */
export function isLockedOffice(bytes: Uint8Array): boolean {
  return isOle(bytes) && oleStreamNames(bytes).includes('EncryptedPackage')
}

/** The text of bytes in whatever encoding they most likely are; what does not fit it becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const pairs = pairedEncoding(bytes)
  if (pairs) return new TextDecoder(pairs).decode(bytes).replaceAll('\u0000', '\uFFFD').toWellFormed()
  const utf8 = decodeUtf8(bytes)
  if (utf8 !== undefined) return utf8
  return decoderFor(encodingOf(bytes.subarray(0, HEAD)))
    .decode(bytes)
    .replaceAll('\u0000', '\uFFFD')
    .toWellFormed()
}

/** The most likely encoding. Few bytes mislead the guess: letters in pairs of bytes speak against the Western ones. */
function encodingOf(head: Uint8Array): string {
  const guesses = analyse(head)
  const best = guesses[0]?.name ?? 'windows-1252'
  if (!/^(?:windows-125\d|ISO-8859-\d+)$/i.test(best)) return best
  let high = 0
  let paired = 0
  for (const [index, byte] of head.entries()) {
    if (byte < 0x80) continue
    high += 1
    if ((head[index - 1] ?? 0) >= 0x80 || (head[index + 1] ?? 0) >= 0x80) paired += 1
  }
  if (high === 0 || paired < high * 0.8) return best
  const candidates = [...guesses.map(({ name }) => name), ...PAIRED].filter((name) => PAIRED.includes(name))
  return candidates.find((name) => isMostlyEastAsian(head, name)) ?? best
}

/** UTF-16 without its mark: of most pairs of bytes one is zero, always the same. */
function pairedEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const head = bytes.subarray(0, HEAD)
  const pairs = head.length >> 1
  const zeros = [0, 0]
  for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [first = 0, second = 0] = zeros
  if (pairs < 4 || Math.min(first, second) > 0 || Math.max(first, second) < pairs * LEAST_ZEROS) return undefined
  const name = first > 0 ? 'utf-16be' : 'utf-16le'
  // Numbers of two bytes look the same, but for what they would be as signs.
  return hasControls(new TextDecoder(name).decode(head.subarray(0, pairs * 2))) ? undefined : name
}

function hasControls(text: string): boolean {
  return /[^\P{Cc}\t\n\f\r]/u.test(text)
}

function isMostlyEastAsian(head: Uint8Array, name: string): boolean {
  const text = decoderFor(name).decode(head, { stream: true })
  const beyondAscii = text.match(/[^\p{ASCII}]/gu)?.length ?? 0
  const letters = text.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303F\uFF00-\uFFEF]/gu)
  return !text.includes('\uFFFD') && (letters?.length ?? 0) > beyondAscii * 0.9
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  // A cut in the middle of a letter is no reason to doubt the encoding.
  for (let cut = 0; cut < 4; cut++) {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - cut))
      return text.replaceAll('\u0000', '\uFFFD')
    } catch {
      if (cut >= bytes.length) return undefined
    }
  }
  return undefined
}

function decoderFor(name: string): TextDecoder {
  try {
    return new TextDecoder(name)
  } catch {
    // A guess that the platform has no table for.
    return new TextDecoder('windows-1252')
  }
}

function isText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, HEAD)
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) return true
  if (pairedEncoding(head)) return true
  let odd = 0
  for (const byte of head) {
    if (byte === 0) return false
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) odd += 1
  }
  // Old encodings have no forbidden bytes; but of random ones an eighth are control characters.
  return odd <= head.length / 100
}

function textFormat(head: string, name: string): DocumentFormat {
  const text = head.replace(/^\uFEFF/, '')
  // With a cue: prose may begin with that word too.
  if (/^WEBVTT(?:[ \t].*)?\r?\n/.test(text) && /^[\d:.]+[ \t]+-->[ \t]+[\d:.]/m.test(text)) return 'vtt'
  if (
    /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)/is.test(text.slice(0, 4_096))
  ) {
    return 'html'
  }
  if (!/\.(?:md|markdown|txt)$/i.test(name) && PAGE_PART.test(text)) return 'html'
  const header =
    /^(?:From [^\r\n]*\r?\n)?(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}\r?\n/.exec(text)?.[0] ?? ''
  if (/^from:/im.test(header) && /^(?:subject|date|message-id|mime-version|to):/im.test(header)) return 'eml'
  if (/\.(?:csv|tsv)$/i.test(name) || hasColumns(text)) return 'csv'
  if (/\.(?:md|markdown)$/i.test(name) || /^#{1,6} \S/m.test(text) || /^```/m.test(text)) return 'markdown'
  return 'text'
}

/** Five lines or more, each with the same number of tabs, or of semicolons. Commas are too common in prose. */
function hasColumns(text: string): boolean {
  const lines = text.split(/\r?\n/, 12).filter((line) => line !== '')
  return ['\t', ';'].some((mark) => {
    const counts = lines.slice(0, -1).map((line) => line.split(mark).length)
    return counts.length >= 5 && (counts[0] ?? 1) > 1 && counts.every((count) => count === counts[0])
  })
}

function startsWith(buffer: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => buffer[index] === byte)
}
