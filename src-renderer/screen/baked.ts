import type { Cover, Part } from './still-edit.ts'

/** Above so many bytes a PNG, which photographs make large, becomes a JPEG: the core takes 15 MB (`pictures.fileMb`). */
const LARGEST_PNG = 14_000_000
const JPEG_QUALITY = 0.92

/** The picture as it is kept: cut, and black where it is covered. What was there is in no pixel of it. */
export async function bakedStill(
  image: ImageBitmap,
  { cut, covers }: { cut: Part | null; covers: readonly Cover[] },
): Promise<Blob> {
  const [left, top, width, height] = pixels(cut ?? [0, 0, 1, 1], image)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new Error('The page cannot draw.')
  context.drawImage(image, left, top, width, height, 0, 0, width, height)
  context.fillStyle = '#000'
  for (const { part } of covers) {
    const [x, y, w, h] = pixels(part, image)
    context.fillRect(x - left, y - top, w, h)
  }
  const exact = await fileOf(canvas, 'image/png')
  return exact.size > LARGEST_PNG ? fileOf(canvas, 'image/jpeg') : exact
}

function fileOf(canvas: HTMLCanvasElement, type: 'image/png' | 'image/jpeg'): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture cannot be made.'))),
      type,
      JPEG_QUALITY,
    ),
  )
}

/** Whole pixels that hold all of the part. */
function pixels([left, top, width, height]: Part, image: { width: number; height: number }) {
  const x = Math.floor(left * image.width)
  const y = Math.floor(top * image.height)
  const right = Math.min(image.width, Math.ceil((left + width) * image.width))
  const bottom = Math.min(image.height, Math.ceil((top + height) * image.height))
  return [x, y, Math.max(1, right - x), Math.max(1, bottom - y)] as const
}
