import { damaged, notSupported } from '../errors.ts'
import { openOpus } from './opus.ts'
import type { OpenedSound } from './types.ts'

/** WebM and Matroska (RFC 9559) with Opus: the first such track of a file. What browsers record is of this kind. */

const SEGMENT = 0x18538067
const INFO = 0x1549a966
const TIMESTAMP_SCALE = 0x2ad7b1
const TRACKS = 0x1654ae6b
const TRACK = 0xae
const TRACK_NUMBER = 0xd7
const CODEC = 0x86
const CODEC_PRIVATE = 0x63a2
const CLUSTER = 0x1f43b675
const TIMESTAMP = 0xe7
const BLOCK_GROUP = 0xa0
const BLOCK = 0xa1
const SIMPLE_BLOCK = 0xa3
/** Elements whose content is looked into. Recorders that do not know their length yet leave it open. */
const ENTERED = new Set([SEGMENT, INFO, TRACKS, TRACK, CLUSTER, BLOCK_GROUP])
const DEFAULT_SCALE = 1_000_000
const NANOSECONDS = 1e9

interface Track {
  number: number
  codec: string
  head: Buffer
}

/** @throws LvaError document-damaged, document-not-supported */
export function openWebm(bytes: Buffer): OpenedSound {
  const tracks: Track[] = []
  let scale = DEFAULT_SCALE
  let cluster = 0
  let last = 0
  for (const { id, body } of elementsOf(bytes)) {
    const track = tracks.at(-1)
    if (id === TRACK) tracks.push({ number: 0, codec: '', head: Buffer.alloc(0) })
    else if (id === TIMESTAMP_SCALE) scale = numberOf(body)
    else if (id === TIMESTAMP) cluster = numberOf(body)
    else if (id === BLOCK || id === SIMPLE_BLOCK) last = Math.max(last, cluster + (blockOf(body)?.time ?? 0))
    else if (id === TRACK_NUMBER && track) track.number = numberOf(body)
    else if (id === CODEC && track) track.codec = body.toString('latin1')
    else if (id === CODEC_PRIVATE && track) track.head = body
  }
  const sound = tracks.filter(({ codec }) => codec.startsWith('A_'))
  const opus = sound.find(({ codec }) => codec === 'A_OPUS')
  if (opus) {
    const packets = () => packetsOf(bytes, opus.number)
    return openOpus({ head: opus.head, seconds: (last * scale) / NANOSECONDS, packets })
  }
  throw tracks.length === 0 ? damaged() : notSupported(sound[0]?.codec.slice(2, 22) ?? 'WebM')
}

function* packetsOf(bytes: Buffer, track: number): Generator<Buffer> {
  for (const { id, body } of elementsOf(bytes)) {
    if (id !== BLOCK && id !== SIMPLE_BLOCK) continue
    const block = blockOf(body)
    if (block?.track !== track) continue
    // Opus is never laced: its packets are long enough.
    if (block.isLaced) throw notSupported('WebM')
    yield block.packet
  }
}

/** `time` counts from that of the cluster. */
function blockOf(body: Buffer) {
  const track = variable(body, 0, true)
  if (!track || body.length < track.length + 3) return undefined
  return {
    track: track.value,
    time: body.readInt16BE(track.length),
    isLaced: (body.readUInt8(track.length + 2) & 0x06) !== 0,
    packet: body.subarray(track.length + 3),
  }
}

/** Every element in the order of the file. Those that hold others have an empty body. */
function* elementsOf(bytes: Buffer): Generator<{ id: number; body: Buffer }> {
  for (let at = 0; at < bytes.length; ) {
    const id = variable(bytes, at, false)
    const size = id && variable(bytes, at + id.length, true)
    if (!size) return
    const start = at + id.length + size.length
    const isEntered = ENTERED.has(id.value)
    yield { id: id.value, body: isEntered ? bytes.subarray(start, start) : bytes.subarray(start, start + size.value) }
    at = isEntered ? start : start + size.value
  }
}

/** A number of one to eight bytes that says its length by the zeros before its first one; that one counts in ids only. */
function variable(bytes: Buffer, at: number, isSize: boolean): { value: number; length: number } | undefined {
  const first = bytes[at]
  if (first === undefined || first === 0) return undefined
  const length = Math.clz32(first) - 23
  if (at + length > bytes.length) return undefined
  let value = isSize ? first & (0xff >> length) : first
  for (let index = 1; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0)
  return { value, length }
}

function numberOf(body: Buffer): number {
  return body.length === 0 || body.length > 8 ? 0 : body.reduce((sum, byte) => sum * 256 + byte, 0)
}
