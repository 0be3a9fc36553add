import { assemble } from '../assemble.ts'
import { damaged, tooComplex } from '../errors.ts'
import { decodeText } from '../sniff.ts'
import type { DocumentParser } from '../types.ts'
import { decoderOfCodePage } from './codepage.ts'
import { type Mail, mailBlocks } from './mail.ts'
import { type OleStorage, readOle } from './ole.ts'
import { readRtf } from './rtf.ts'

/** Letters as Outlook saves them (MS-OXMSG): properties, each a stream that is named by its number and type. */

const SUBJECT = 0x0037
const SENDER_NAME = 0x0c1a
const SENDER_ADDRESS = 0x5d01
const SENDER_EXCHANGE_ADDRESS = 0x0c1f
const DISPLAY_TO = 0x0e04
const BODY = 0x1000
const BODY_RTF = 0x1009
const BODY_HTML = 0x1013
const SENT_AT = 0x0039
const DELIVERED_AT = 0x0e06
const INTERNET_CODE_PAGE = 0x3fde
const CODE_PAGE = 0x3ffd
const NAME = 0x3001
const ADDRESS = 0x39fe
const EXCHANGE_ADDRESS = 0x3003
const LONG_FILE_NAME = 0x3707
const FILE_NAME = 0x3704

const TEXT = '001E'
const UNICODE = '001F'
const BINARY = '0102'
const LONG = 0x0003
const TIME = 0x0040

const PROPERTIES = '__properties_version1.0'
/** Bytes before the fixed properties of a letter. */
const PROPERTIES_HEAD = 32
/** Milliseconds from 1601, from which Windows counts, to 1970. */
const TO_1970 = 11_644_473_600_000n
const MOST_UNPACKED = 64 * 2 ** 20

export const msgParser: DocumentParser = {
  formats: ['msg'],
  async parse({ bytes }, { limits, signal }) {
    const file = readOle(bytes, limits, limits.depth)
    const fixed = fixedProperties(file.stream(PROPERTIES))
    const page = Number(fixed.get(`${CODE_PAGE}:${LONG}`) ?? fixed.get(`${INTERNET_CODE_PAGE}:${LONG}`) ?? 1252)
    const decoder = decoderOfCodePage(page)
    const text = (storage: OleStorage, id: number) => textOf(storage, id, decoder)
    const person = (storage: OleStorage, name: number, addresses: readonly number[]) => {
      const address = addresses.map((id) => text(storage, id)).find((given) => given.includes('@')) ?? ''
      const called = text(storage, name)
      return [called === address ? '' : called, address].filter(Boolean).join(' ')
    }
    const inside = (prefix: string) =>
      [...file.storages].flatMap(([name, storage]) => (name.startsWith(prefix) ? [storage] : []))
    const recipients = inside('__recip_version1.0_')
      .map((storage) => person(storage, NAME, [ADDRESS, EXCHANGE_ADDRESS]))
      .filter(Boolean)
    const subject = text(file, SUBJECT)
    const mail: Mail = {
      subject,
      from: person(file, SENDER_NAME, [SENDER_ADDRESS, SENDER_EXCHANGE_ADDRESS]),
      to: recipients.join(', ') || text(file, DISPLAY_TO),
      date: isoTime(fixed.get(`${SENT_AT}:${TIME}`) ?? fixed.get(`${DELIVERED_AT}:${TIME}`)),
      body: bodyOf(file, decoder, limits.depth, signal),
      attachments: inside('__attach_version1.0_').flatMap(
        (storage) => text(storage, LONG_FILE_NAME) || text(storage, FILE_NAME) || text(storage, NAME) || [],
      ),
    }
    return assemble(subject, null, await mailBlocks(mail, limits.depth))
  },
}

function streamOf(storage: OleStorage, id: number, type: string): Buffer | undefined {
  return storage.stream(`__substg1.0_${id.toString(16).toUpperCase().padStart(4, '0')}${type}`)
}

function textOf(storage: OleStorage, id: number, decoder: TextDecoder): string {
  const unicode = streamOf(storage, id, UNICODE)?.toString('utf16le')
  return (unicode ?? decoder.decode(streamOf(storage, id, TEXT) ?? new Uint8Array())).replace(/\0+$/, '').trim()
}

/** Plain text where there is some, else the page, else the rich text that Outlook packs. */
function bodyOf(file: OleStorage, decoder: TextDecoder, depth: number, signal: AbortSignal): Mail['body'] {
  const text = textOf(file, BODY, decoder)
  if (text !== '') return { text }
  const page = streamOf(file, BODY_HTML, BINARY)
  const html = page ? decodeText(page) : textOf(file, BODY_HTML, decoder)
  if (html !== '') return { html }
  const packed = streamOf(file, BODY_RTF, BINARY)
  return packed ? { blocks: readRtf(unpackRtf(packed), depth, () => signal.throwIfAborted()).blocks } : { text: '' }
}

/** Properties of a fixed size by `number:type`. */
function fixedProperties(stream: Buffer | undefined): Map<string, bigint> {
  const found = new Map<string, bigint>()
  if (!stream) throw damaged()
  for (let at = PROPERTIES_HEAD; at + 16 <= stream.length; at += 16) {
    const type = stream.readUInt16LE(at)
    const value = type === LONG ? BigInt(stream.readUInt32LE(at + 8)) : stream.readBigUInt64LE(at + 8)
    found.set(`${stream.readUInt16LE(at + 2)}:${type}`, value)
  }
  return found
}

/** Time of Windows, in tenths of a microsecond since 1601. */
function isoTime(ticks: bigint | undefined): string {
  if (ticks === undefined) return ''
  const date = new Date(Number(ticks / 10_000n - TO_1970))
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

/** What the packing of rich text begins with, as if it had been said before (MS-OXRTFCP 2.1.3.1.1). */
const SAID_BEFORE = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
)
const PACKED_MARK = 'LZFu'
const RING = 4_096

/** Unpacks rich text: single bytes, and references into the last 4,096 of them. @throws LvaError document-damaged, document-too-complex */
function unpackRtf(packed: Buffer): Buffer {
  if (packed.length < 16) throw damaged()
  const size = packed.readUInt32LE(4)
  if (size > MOST_UNPACKED) throw tooComplex()
  if (packed.toString('latin1', 8, 12) !== PACKED_MARK) return packed.subarray(16, 16 + size)
  const ring = Buffer.alloc(RING)
  SAID_BEFORE.copy(ring)
  const out = Buffer.alloc(size)
  let written = 0
  let to = SAID_BEFORE.length
  const put = (byte: number) => {
    ring[to] = byte
    to = (to + 1) % RING
    if (written < size) out[written++] = byte
  }
  for (let at = 16; at < packed.length && written < size; ) {
    const flags = packed[at++] ?? 0
    for (let bit = 0; bit < 8 && at < packed.length && written < size; bit += 1) {
      if ((flags & (1 << bit)) === 0) {
        put(packed[at++] ?? 0)
        continue
      }
      const reference = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0)
      at += 2
      const from = reference >> 4
      if (from === to) return out.subarray(0, written)
      for (let count = 0; count < (reference & 15) + 2; count += 1) put(ring[(from + count) % RING] ?? 0)
    }
  }
  return out.subarray(0, written)
}
