import { isBlackLook, LOOK_HEIGHT, LOOK_WIDTH, lookOf } from '../../src-core/contract/index.ts'
import { ScreenFault } from '../backend/failure.ts'
import type { Arrangement } from './arrange.ts'
import { keptSize, type Size } from './kept-size.ts'

/** Whether this page can ask for a picture of the screen. */
export function canShowScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function'
}

/**
 * Asks the learner for a screen, window or tab.
 * @throws ScreenFault screen-refused, also where the learner chose none; screen-unreadable
 */
export async function openScreen(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false })
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    const isRefused = ['NotAllowedError', 'AbortError', 'NotFoundError', 'SecurityError'].includes(name)
    throw new ScreenFault(isRefused ? 'screen-refused' : 'screen-unreadable', error)
  }
}

export interface TakenStill {
  /** Within `MOST_PIXELS`. */
  image: ImageBitmap
  /** What was on the screen. */
  seen: Size
}

/** One picture of what the learner chooses; the screen is let go at once. @throws ScreenFault screen-refused, screen-unreadable, screen-black */
export async function takeStill(): Promise<TakenStill> {
  const stream = await openScreen()
  try {
    return await stillOf([stream])
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}

/**
 * What is on screens now, as one picture.
 * @param together where each of several stands; left out, the picture is that of the first
 * @throws ScreenFault screen-unreadable, screen-black
 */
export async function stillOf(streams: readonly MediaStream[], together?: Together): Promise<TakenStill> {
  const videos = await Promise.all(streams.map(playing))
  try {
    const still = together
      ? { image: drawTogether(videos, together.arrangement), seen: together.seen }
      : await wholeOf(videos[0] as HTMLVideoElement)
    if (isBlack(still.image)) throw new ScreenFault('screen-black')
    return still
  } finally {
    for (const video of videos) video.srcObject = null
  }
}

/** Where each of several screens stands in one picture, and how large it would be in their own pixels. */
export interface Together {
  arrangement: Arrangement
  seen: Size
}

/** Scaled down while it is taken: a picture of all its pixels is held nowhere. @throws ScreenFault screen-unreadable */
async function wholeOf(video: HTMLVideoElement): Promise<TakenStill> {
  const seen = { width: video.videoWidth, height: video.videoHeight }
  const { width, height } = keptSize(seen)
  try {
    const image = await createImageBitmap(video, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
    return { image, seen }
  } catch (error) {
    throw new ScreenFault('screen-unreadable', error)
  }
}

/** One after the other onto one canvas: no screen is held in full beside it. @throws ScreenFault screen-unreadable */
function drawTogether(videos: readonly HTMLVideoElement[], { width, height, parts }: Arrangement): ImageBitmap {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new ScreenFault('screen-unreadable')
  for (const [n, part] of parts.entries()) {
    context.drawImage(videos[n] as HTMLVideoElement, part.x, part.y, part.width, part.height)
  }
  return canvas.transferToImageBitmap()
}

/** @throws ScreenFault screen-unreadable */
export async function playing(stream: MediaStream): Promise<HTMLVideoElement> {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  try {
    await video.play()
  } catch (error) {
    throw new ScreenFault('screen-unreadable', error)
  }
  return video
}

/** A protected or minimised window gives pictures of nothing. */
function isBlack(still: ImageBitmap): boolean {
  const canvas = document.createElement('canvas')
  canvas.width = LOOK_WIDTH
  canvas.height = LOOK_HEIGHT
  const context = canvas.getContext('2d')
  if (!context) return false
  context.drawImage(still, 0, 0, LOOK_WIDTH, LOOK_HEIGHT)
  return isBlackLook(lookOf(context.getImageData(0, 0, LOOK_WIDTH, LOOK_HEIGHT).data))
}
