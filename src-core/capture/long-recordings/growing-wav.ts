import { type FileHandle, open, rm } from 'node:fs/promises'
import { pcm16, SPEECH_RATE, WAV_HEADER_BYTES, wavHeader } from '../../models/index.ts'
import { writeAll } from '../../store/index.ts'

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

  /** @throws what the file system throws; then there is no file */
  static async create(path: string): Promise<GrowingWav> {
    const file = await open(path, 'wx', 0o600)
    try {
      await writeAll(file, wavHeader(0, SPEECH_RATE), 0)
    } catch (error) {
      await file.close()
      await rm(path, { force: true })
      throw error
    }
    return new GrowingWav(path, file)
  }

  get seconds(): number {
    return this.#bytes / BYTES_PER_SAMPLE / SPEECH_RATE
  }

  /** Writes samples to the file; each second of sound it is made to survive a power cut as well. */
  async append(samples: Float32Array): Promise<void> {
    const pcm = pcm16(samples)
    // What a full disk took of a piece is written over by the next one.
    await writeAll(this.#file, pcm, WAV_HEADER_BYTES + this.#bytes)
    this.#bytes += pcm.length
    if (this.#bytes - this.#synced < SPEECH_RATE * BYTES_PER_SAMPLE) return
    this.#synced = this.#bytes
    await this.#file.datasync()
  }

  /** Writes how long it has become. */
  async close(): Promise<void> {
    try {
      await writeAll(this.#file, wavHeader(this.#bytes, SPEECH_RATE), 0)
      await this.#file.sync()
    } finally {
      await this.#file.close()
    }
  }
}
