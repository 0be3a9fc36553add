import type { Image } from '@napi-rs/canvas'
import type { PictureType } from '../../vault/index.ts'
import { drawn } from './decode.ts'
import type { FoundPlace } from './work.ts'

/** Around a word, so that no edge of a letter stays: a part of its height. */
const MARGIN = 0.35
/** What a screen shows is told as well by this as by PNG, in a tenth of the bytes. */
const QUALITY = 86

/** The picture, new, black at these places: what was there is in no pixel of it. */
export async function paintedOver(
  image: Image,
  found: readonly FoundPlace[],
): Promise<{ mediaType: PictureType; width: number; height: number; bytes: Uint8Array }> {
  const canvas = await drawn(image, 1)
  const context = canvas.getContext('2d')
  context.fillStyle = '#000000'
  const { width, height } = canvas
  for (const { box } of found) {
    const [left, top, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height]
    const margin = Math.ceil(h * MARGIN)
    context.fillRect(
      Math.floor(left) - margin,
      Math.floor(top) - margin,
      Math.ceil(w) + 2 * margin,
      Math.ceil(h) + 2 * margin,
    )
  }
  return { mediaType: 'image/webp', width, height, bytes: await canvas.encode('webp', QUALITY) }
}
