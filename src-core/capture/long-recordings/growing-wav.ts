import { type FileHandle, open } from 'node:fs/promises'
import { SPEECH_RATE } from '../../models/index.ts'

const HEADER_BYTES = 44
const BYTES_PER_SAMPLE = 2

/**
 * A WAV file that grows: mono, 16 bits, at the rate of the recogniser. Its header says 0 bytes while it grows, which readers take for "to
 * the end of the file", so that it is whole after a crash at any moment.
 */
export class GrowingWav {
  readonly path: string
  readonly #file: FileHandle
  #bytes = 0
  #synced = 0

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.#file = file
  }

  /** @throws what the file system throws */
  static async create(path: string): Promise<GrowingWav> {
    const file = await open(path, 'wx', 0o600)
    await file.write(header(0))
    return new GrowingWav(path, file)
  }

  get seconds(): number {
    return this.#bytes / BYTES_PER_SAMPLE / SPEECH_RATE
  }

  /** Writes samples to the file; each second of sound it is made to survive a power cut as well. */
  async append(samples: Float32Array): Promise<void> {
    const pcm = new Int16Array(samples.length)
    for (const [index, sample] of samples.entries()) pcm[index] = Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff)
    await this.#file.write(new Uint8Array(pcm.buffer))
    this.#bytes += pcm.byteLength
    if (this.#bytes - this.#synced < SPEECH_RATE * BYTES_PER_SAMPLE) return
    this.#synced = this.#bytes
    await this.#file.datasync()
  }

  /** Writes how long it has become. */
  async close(): Promise<void> {
    try {
      await this.#file.write(header(this.#bytes), 0, HEADER_BYTES, 0)
      await this.#file.sync()
    } finally {
      await this.#file.close()
    }
  }
}

function header(dataBytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES))
  const tag = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries()) view.setUint8(at + index, letter.charCodeAt(0))
  }
  tag(0, 'RIFF')
  view.setUint32(4, dataBytes === 0 ? 0 : HEADER_BYTES - 8 + dataBytes, true)
  tag(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, SPEECH_RATE, true)
  view.setUint32(28, SPEECH_RATE * BYTES_PER_SAMPLE, true)
  view.setUint16(32, BYTES_PER_SAMPLE, true)
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true)
  tag(36, 'data')
  view.setUint32(40, dataBytes, true)
  return new Uint8Array(view.buffer)
}
