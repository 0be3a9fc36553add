import type { PDFPageProxy } from 'pdfjs-dist'

/** Pixels for each point: 300 to the inch, at which writing of usual size is read best. */
const SCALE = 300 / 72
/** Longest side of the picture, whatever the page says of its size. */
const LONGEST_SIDE = 4_000

/**
 * A page of scanned paper as a picture (PNG).
 * @param turned degrees with the clock, beyond what the page itself says
 */
export async function pictureOf(page: PDFPageProxy, turned = 0): Promise<Buffer> {
  const { createCanvas } = await import('@napi-rs/canvas')
  const { width, height } = page.getViewport({ scale: 1 })
  const scale = Math.min(SCALE, LONGEST_SIDE / Math.max(width, height, 1))
  const viewport = page.getViewport({ scale, rotation: (page.rotate + turned) % 360 })
  const canvas = createCanvas(Math.max(1, Math.ceil(viewport.width)), Math.max(1, Math.ceil(viewport.height)))
  // The canvas of Node.js has all that pdf.js asks of one.
  await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport, intent: 'print' }).promise
  return canvas.encode('png')
}
