import { isLvaError } from '../../../kernel/index.ts'
import { damaged, noSpeech, notSupported } from '../errors.ts'
import { decodeFile } from './decode-file.ts'
import { openFlac } from './flac.ts'
import { openFramed, PIECE_SECONDS } from './framed.ts'
import { openMp4 } from './mp4.ts'
import { openMpeg } from './mpeg.ts'
import { openOgg } from './ogg.ts'
import type { OpenedSound } from './types.ts'
import { openWav } from './wav-file.ts'
import { openWebm } from './webm.ts'

/** Bytes before the content of a tag. */
const TAG_HEADER = 10

/**
 * Opens sound of any kind that is read, told by its bytes: WAV, MP3, AAC, M4A (AAC or Apple Lossless), FLAC, Ogg with Vorbis or Opus, WebM with Opus.
 * @param pieceSeconds how much is decoded at once, where that can be chosen
 * @throws LvaError document-damaged, document-no-speech (there is no sound in it), document-not-supported
 */
export function openSound(given: Uint8Array, pieceSeconds = PIECE_SECONDS): OpenedSound {
  try {
    return opened(withoutTag(Buffer.from(given.buffer, given.byteOffset, given.byteLength)), pieceSeconds)
  } catch (error) {
    if (isLvaError(error, 'audio-empty')) throw noSpeech()
    if (isLvaError(error, 'audio-not-audio')) throw notSupported('WAV')
    // Beyond the end of a file that was cut off.
    if (error instanceof RangeError) throw damaged(error)
    throw error
  }
}

function opened(bytes: Buffer, pieceSeconds: number): OpenedSound {
  const begin = bytes.toString('latin1', 0, 4)
  if (begin === 'RIFF') return openWav(bytes, pieceSeconds)
  if (begin === 'OggS') return openOgg(bytes, pieceSeconds)
  if (begin === '\u001aE\u00df\u00a3') return openWebm(bytes)
  if (bytes.toString('latin1', 4, 8) === 'ftyp') {
    const { sound, decode } = openMp4(bytes)
    return openFramed(sound, decode, pieceSeconds)
  }
  const framed = begin === 'fLaC' ? openFlac(bytes) : openMpeg(bytes)
  if (!framed) throw damaged()
  return openFramed(framed, decodeFile, pieceSeconds)
}

/** Without the tags (ID3v2) that players write before the sound. */
function withoutTag(bytes: Buffer): Buffer {
  let rest = bytes
  while (rest.length > TAG_HEADER && rest.toString('latin1', 0, 3) === 'ID3') {
    const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (rest.readUInt8(at) & 0x7f), 0)
    rest = rest.subarray(TAG_HEADER + size)
  }
  return rest
}
