import { LOOK_HEIGHT, LOOK_WIDTH } from '../../src-core/contract/index.ts'
import { ScreenFault } from '../backend/failure.ts'
import { keptSize } from '../screen/kept-size.ts'
import type { Screens } from '../screen/screens.ts'
import { playing } from '../screen/take-still.ts'
import type { SeenScreen } from './study-recorder.ts'
import TickWorker from './tick-worker.ts?worker'

/** What a screen shows is told as well by this as by PNG, in a tenth of the bytes. */
const QUALITY = 0.92

/**
 * The screen, window or tab that the learner chooses; null where they chose none.
 * @param windows titles of open windows, as the system tells; null where it should and does not
 * @throws ScreenFault screen-refused, screen-unreadable
 */
export async function openSeenScreen(
  screens: Pick<Screens, 'open'>,
  windows: () => Promise<string[] | null>,
): Promise<SeenScreen | null> {
  const stream = await screens.open()
  if (!stream) return null
  const stop = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  const video = await playing(stream).catch((error) => {
    stop()
    throw error
  })
  const small = new OffscreenCanvas(LOOK_WIDTH, LOOK_HEIGHT).getContext('2d', { willReadFrequently: true })
  return {
    glance() {
      if (!small || video.videoWidth === 0) return null
      small.drawImage(video, 0, 0, LOOK_WIDTH, LOOK_HEIGHT)
      return small.getImageData(0, 0, LOOK_WIDTH, LOOK_HEIGHT).data
    },
    async file() {
      const seen = { width: video.videoWidth, height: video.videoHeight }
      const kept = keptSize(seen)
      const canvas = new OffscreenCanvas(kept.width, kept.height)
      const context = canvas.getContext('2d')
      if (!context) throw new ScreenFault('screen-unreadable')
      context.imageSmoothingQuality = 'high'
      context.drawImage(video, 0, 0, kept.width, kept.height)
      return { picture: await canvas.convertToBlob({ type: 'image/webp', quality: QUALITY }), kept, seen }
    },
    windows,
    onEnd: (listener) => {
      for (const track of stream.getTracks()) track.addEventListener('ended', listener, { once: true })
    },
    close() {
      video.srcObject = null
      stop()
    },
  }
}

/** Calls the function every so many milliseconds, also while the page is hidden. */
export function ticking(ms: number, run: () => void): () => void {
  const worker = new TickWorker()
  worker.addEventListener('message', run)
  worker.postMessage(ms)
  return () => worker.terminate()
}
