import { detect } from 'chardet'
import type { DocumentFormat } from './types.ts'

/** Bytes at the beginning that are looked at for what kind of text it is. */
const HEAD = 65_536

const SIGNATURES: readonly { bytes: readonly number[]; format: DocumentFormat }[] = [
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], format: 'image' },
  { bytes: [0xff, 0xd8, 0xff], format: 'image' },
  { bytes: [0x49, 0x49, 0x2a, 0x00], format: 'image' },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], format: 'image' },
  { bytes: [0x47, 0x49, 0x46, 0x38], format: 'image' },
  { bytes: [0x42, 0x4d], format: 'image' },
  { bytes: [0x49, 0x44, 0x33], format: 'audio' },
  { bytes: [0xff, 0xfb], format: 'audio' },
  { bytes: [0x4f, 0x67, 0x67, 0x53], format: 'audio' },
  { bytes: [0x66, 0x4c, 0x61, 0x43], format: 'audio' },
]

/** Parts by which a packed file is told. */
const PACKED: readonly { part: string; format: DocumentFormat }[] = [
  { part: 'word/document.xml', format: 'docx' },
  { part: 'ppt/presentation.xml', format: 'pptx' },
  { part: 'xl/workbook.xml', format: 'xlsx' },
  { part: 'META-INF/container.xml', format: 'epub' },
]

/** What the bytes are. The name only decides between kinds of text that look alike. */
export function sniff(bytes: Uint8Array, name: string): DocumentFormat {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Some programs write a few bytes before the header.
  if (buffer.subarray(0, 1_024).includes('%PDF-')) return 'pdf'
  if (startsWith(buffer, [0x50, 0x4b])) return PACKED.find(({ part }) => buffer.includes(part))?.format ?? 'unknown'
  if (buffer.subarray(0, 4).equals(Buffer.from('RIFF'))) {
    const kind = buffer.subarray(8, 12).toString('latin1')
    return kind === 'WAVE' ? 'audio' : kind === 'WEBP' ? 'image' : 'unknown'
  }
  if (buffer.subarray(4, 8).toString('latin1') === 'ftyp') return 'audio'
  const known = SIGNATURES.find((signature) => startsWith(buffer, signature.bytes))
  // "BM" and the sync bytes of MP3 are short: text may begin with them too.
  if (known && (known.bytes.length > 2 || !isText(buffer))) return known.format
  return isText(buffer) ? textFormat(decodeText(buffer.subarray(0, HEAD)), name) : 'unknown'
}

/** True for an Office file behind a password, which is an OLE container with a stream of that name in UTF-16. */
export function isLockedOffice(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (
    startsWith(buffer, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) &&
    buffer.includes(Buffer.from('EncryptedPackage', 'utf16le'))
  )
}

/** The text of bytes in whatever encoding they most likely are; what does not fit it becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const utf8 = decodeUtf8(bytes)
  if (utf8 !== undefined) return utf8
  const name = detect(bytes.subarray(0, HEAD)) ?? 'windows-1252'
  return decoderFor(name).decode(bytes).replaceAll('\u0000', '\uFFFD').toWellFormed()
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
  if (
    /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body)/is.test(text.slice(0, 4_096))
  ) {
    return 'html'
  }
  const header = /^(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}\r?\n/.exec(text)?.[0] ?? ''
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
