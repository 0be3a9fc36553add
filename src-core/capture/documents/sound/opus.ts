import { damaged, notSupported } from '../errors.ts'
import { mixed } from './mixed.ts'
import type { OpenedSound } from './types.ts'

/** Rate to which libopus decodes by itself. */
const RATE = 16_000
/** Rate in which Opus counts. */
const COUNTED_RATE = 48_000
/** Packets that are decoded at once; one is 20 ms in nearly all files. */
const BATCH = 500

export interface OpusStream {
  /** The packet `OpusHead` (RFC 7845, 5.1). */
  head: Buffer
  seconds: number
  packets(): Iterable<Uint8Array>
}

/** Opus by libopus in WebAssembly. @throws LvaError document-damaged, document-not-supported */
export function openOpus({ head, seconds, packets }: OpusStream): OpenedSound {
  if (head.length < 19 || head.toString('latin1', 0, 8) !== 'OpusHead') throw damaged()
  const channels = head.readUInt8(9)
  const preSkip = Math.round((head.readUInt16LE(10) * RATE) / COUNTED_RATE)
  const layout = layoutOf(head, channels)
  async function* pieces() {
    const { OpusDecoder } = await import('opus-decoder')
    const decoder = new OpusDecoder({ sampleRate: RATE, ...layout })
    await decoder.ready
    try {
      let toSkip = preSkip
      let isAnyDecoded = false
      for (const batch of batchesOf(packets())) {
        const { channelData, samplesDecoded } = decoder.decodeFrames(batch)
        const skipped = Math.min(toSkip, samplesDecoded)
        toSkip -= skipped
        isAnyDecoded ||= samplesDecoded > 0
        yield mixed(channelData.map((channel) => channel.subarray(skipped, samplesDecoded)))
      }
      if (!isAnyDecoded) throw damaged()
    } finally {
      decoder.free()
    }
  }
  return { sampleRate: RATE, seconds, pieces }
}

function layoutOf(head: Buffer, channels: number) {
  const family = head.readUInt8(18)
  if (channels === 0) throw damaged()
  if (family === 0) return { channels: Math.min(channels, 2) }
  if (channels > 8 || head.length < 21 + channels) throw notSupported('Opus')
  return {
    channels,
    streamCount: head.readUInt8(19),
    coupledStreamCount: head.readUInt8(20),
    channelMappingTable: [...head.subarray(21, 21 + channels)],
  }
}

function* batchesOf(packets: Iterable<Uint8Array>): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  for (const packet of packets) {
    batch.push(packet)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
