import { soundDecoderMissing } from '../errors.ts'
import type { DecodeFile } from './framed.ts'
import { mixed } from './mixed.ts'

/** MP3, AAC, Vorbis and FLAC by Symphonia, which is written in Rust and comes with node-web-audio-api. It opens no sound device here. */
export const decodeFile: DecodeFile = async (file, sampleRate) => {
  const { OfflineAudioContext } = await import('node-web-audio-api').catch((cause: unknown) => {
    throw soundDecoderMissing(cause)
  })
  const buffer = await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(file.buffer)
  return mixed(Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel)))
}
