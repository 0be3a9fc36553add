/** Whether this page can ask for a picture of the screen. */
export function canTakeStill(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function'
}

/**
 * One picture of the screen, window or tab that the learner chooses; nothing is recorded before or after it.
 * @returns undefined when the learner chooses none
 */
export async function takeStill(): Promise<Blob | undefined> {
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false })
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError'))
      return undefined
    throw error
  }
  try {
    const video = document.createElement('video')
    video.muted = true
    video.srcObject = stream
    await video.play()
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    video.srcObject = null
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The screen gave no picture.'))), 'image/png'),
    )
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}
