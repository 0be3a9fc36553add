import type { Canvas, Image } from '@napi-rs/canvas'
import { pictureDamaged } from './errors.ts'

/**
 * A picture as it is looked at: the first frame of several, turned by its EXIF orientation. Only in the documents process: a decoder may end
 * the process on a broken picture.
 * @throws LvaError picture-damaged
 */
export async function decodePicture(bytes: Uint8Array): Promise<Image> {
  const { loadImage } = await import('@napi-rs/canvas')
  let image: Image
  try {
    image = await loadImage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (cause) {
    throw pictureDamaged(cause)
  }
  if (image.width < 1 || image.height < 1) throw pictureDamaged()
  return image
}

/** The picture on white, `scale` times as large. What a file says of place, time and camera stays behind. */
export async function drawn(image: Image, scale: number): Promise<Canvas> {
  const { createCanvas } = await import('@napi-rs/canvas')
  const width = Math.max(1, Math.round(image.width * scale))
  const height = Math.max(1, Math.round(image.height * scale))
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingEnabled = true
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, width, height)
  return canvas
}
