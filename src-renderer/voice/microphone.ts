import { ScreenFault } from '../backend/failure.ts'
import type { Heard } from './capture-worklet.ts'
import workletUrl from './capture-worklet.ts?worker&url'
import { areHidden, chosenInput, type Input, inputAmong, listInputs } from './inputs.ts'

export interface MicrophoneListener {
  /** 16-bit mono samples at `sampleRate`, and their loudness. */
  onHeard(pcm: Int16Array<ArrayBuffer>, rms: number): void
  /** The device was unplugged (microphone-lost), or the permission withdrawn (microphone-denied); nothing more will be heard. */
  onLost(fault: ScreenFault): void
}

/** An open microphone. */
export interface Microphone {
  /** Samples a second. */
  readonly sampleRate: number
  /** What the browser calls the device; may be empty. */
  readonly name: string
  /** Stops listening. Resolves once everything heard has reached the listener and the device is free. Closing again does nothing more. */
  close(): Promise<void>
}

export type OpenMicrophone = (listener: MicrophoneListener) => Promise<Microphone>

/** Longest wait for the audio thread to hand over its last stretch. */
const FLUSH_MS = 500

/**
 * Opens the microphone that was chosen in Settings or, when it is not there, the system's own, with the browser's echo cancellation.
 * @throws ScreenFault microphone-denied, -missing, -busy, -unsupported
 */
export const openMicrophone: OpenMicrophone = async (listener) => {
  const stream = await openStream()
  const context = new AudioContext()
  try {
    await context.audioWorklet.addModule(workletUrl)
    await context.resume()
  } catch (error) {
    stop(stream)
    await context.close()
    throw new ScreenFault('microphone-unsupported', error)
  }
  const node = new AudioWorkletNode(context, 'lva-capture', {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
  })
  const flushed = Promise.withResolvers<void>()
  node.port.onmessage = ({ data }: MessageEvent<Heard>) => {
    if (data) listener.onHeard(data.pcm, data.rms)
    else flushed.resolve()
  }
  context.createMediaStreamSource(stream).connect(node)
  const track = stream.getAudioTracks()[0]
  track?.addEventListener(
    'ended',
    async () => listener.onLost(new ScreenFault((await isDenied()) ? 'microphone-denied' : 'microphone-lost')),
    { once: true },
  )

  const close = async () => {
    node.port.postMessage('flush')
    await Promise.race([flushed.promise, new Promise((resolve) => setTimeout(resolve, FLUSH_MS))])
    stop(stream)
    await context.close()
  }
  let closed: Promise<void> | undefined
  return {
    sampleRate: context.sampleRate,
    name: track?.label ?? '',
    close() {
      closed ??= close()
      return closed
    },
  }
}

async function openStream(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new ScreenFault('microphone-unsupported')
  const chosen = chosenInput()
  try {
    if (!chosen) return await streamOf(undefined)
    const inputs = await listInputs()
    const found = inputAmong(inputs, chosen)
    const stream = await streamOf(found)
    if (found || !areHidden(inputs)) return stream
    // Safari, and others before the permission, tell only now which they are.
    return await exchanged(stream, chosen)
  } catch (error) {
    throw new ScreenFault(faultOf(error instanceof Error ? error.name : ''), error)
  }
}

/** @returns the chosen one in place of what is open, which is let go; where the chosen one is not there, what is open */
async function exchanged(open: MediaStream, chosen: Input): Promise<MediaStream> {
  let told: Input | undefined
  try {
    told = inputAmong(await listInputs(), chosen)
  } catch (error) {
    stop(open)
    throw error
  }
  if (!told || told.id === open.getAudioTracks()[0]?.getSettings().deviceId) return open
  stop(open)
  return await streamOf(told)
}

/** @param input undefined for the system's own choice */
function streamOf(input: Input | undefined): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      channelCount: 1,
      // As a wish alone, Chromium may open another one.
      ...(input && { deviceId: { exact: input.id } }),
    },
  })
}

/** Whether the learner allows no microphone now; false where the browser does not tell. */
async function isDenied(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state === 'denied'
  } catch {
    // Firefox and older Safari know no permission of this name.
    return false
  }
}

/** The names of https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia. */
function faultOf(name: string) {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'microphone-denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'microphone-missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'microphone-busy'
  return 'microphone-unsupported'
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
