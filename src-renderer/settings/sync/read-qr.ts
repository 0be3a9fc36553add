/** Reads QR codes: by the browser where it can, else by the library that draws ours. */

/** Of what is looked at, in pixels: finer than any camera needs to be for our code. */
const LONGEST_SIDE = 1_200
/** Between two looks at the camera, in milliseconds. */
const LOOK_MS = 150

interface Detector {
  detect(source: ImageData): Promise<{ rawValue: string }[]>
}
type DetectorClass = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** What the QR code in a picture says; undefined where none is found. */
async function readQr(picture: CanvasImageSource, size: { width: number; height: number }) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(size.width, size.height))
  const width = Math.max(1, Math.round(size.width * scale))
  const height = Math.max(1, Math.round(size.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return undefined
  context.drawImage(picture, 0, 0, width, height)
  const pixels = context.getImageData(0, 0, width, height)
  const [found] = (await (await detector())?.detect(pixels).catch(() => [])) ?? []
  return found?.rawValue ?? decoded(pixels)
}

/** @throws DOMException where the file is no picture that the browser knows */
export async function readQrFile(file: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file)
  try {
    return await readQr(bitmap, bitmap)
  } finally {
    bitmap.close()
  }
}

/**
 * Looks at the camera until it sees a QR code.
 * @param show gives the picture of the camera to the screen
 * @throws DOMException where there is no camera, or it may not be used; AbortError once it is stopped
 */
export async function scanQr(show: (stream: MediaStream) => HTMLVideoElement, signal: AbortSignal): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  try {
    signal.throwIfAborted()
    const video = show(stream)
    await video.play()
    for (;;) {
      signal.throwIfAborted()
      const { videoWidth: width, videoHeight: height } = video
      const text = width > 0 ? await readQr(video, { width, height }) : undefined
      if (text !== undefined) return text
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}

let known: Promise<Detector | undefined> | undefined

function detector(): Promise<Detector | undefined> {
  known ??= findDetector().catch(() => undefined)
  return known
}

async function findDetector(): Promise<Detector | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  if (!(await BarcodeDetector?.getSupportedFormats())?.includes('qr_code')) return undefined
  return BarcodeDetector && new BarcodeDetector({ formats: ['qr_code'] })
}

async function decoded({ data, width, height }: ImageData): Promise<string | undefined> {
  const { default: decodeQR } = await import('qr/decode.js')
  try {
    return decodeQR({ data, width, height })
  } catch {
    // It throws where there is none.
    return undefined
  }
}
