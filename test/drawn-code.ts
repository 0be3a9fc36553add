import { createCanvas } from '@napi-rs/canvas'
import encodeQR from 'qr'
import { plainPicture } from './made-pictures.ts'

const WIDTH = 640
const HEIGHT = 480

/** A QR code as a picture, and as what a camera films. */
export class Code {
  readonly #rows: readonly (readonly boolean[])[]
  readonly #square: number

  constructor(text: string) {
    this.#rows = encodeQR(text, 'raw', { border: 4 })
    this.#square = Math.floor(HEIGHT / this.#rows.length)
  }

  /** A picture without any. */
  static blank(): Buffer {
    return plainPicture('image/png', 200, 200)
  }

  png(): Buffer {
    const canvas = createCanvas(WIDTH, HEIGHT)
    const context = canvas.getContext('2d')
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        context.fillStyle = this.#isDark(x, y) ? '#1a1a1a' : '#f0f0f0'
        context.fillRect(x, y, 1, 1)
      }
    }
    return canvas.toBuffer('image/png')
  }

  /** YUV4MPEG2 of a few frames; Chromium's fake camera plays it over and over. */
  film(): Buffer {
    const luma = Buffer.alloc(WIDTH * HEIGHT)
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) luma[y * WIDTH + x] = this.#isDark(x, y) ? 30 : 220
    }
    const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, 128)
    const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colours])
    return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame, frame])
  }

  #isDark(x: number, y: number): boolean {
    const left = Math.floor((WIDTH - this.#square * this.#rows.length) / 2)
    return this.#rows[Math.floor(y / this.#square)]?.[Math.floor((x - left) / this.#square)] ?? false
  }
}
