import { type ErrorCode, type ErrorParams, LvaError } from '../../kernel/index.ts'
import { audioTooLong } from '../../models/index.ts'
import {
  damaged,
  emptyFile,
  locked,
  noSpeech,
  noText,
  notSupported,
  soundDecoderMissing,
  tooComplex,
  tookTooLong,
  tooLarge,
  tooManyPages,
  unsafe,
  wrongPassword,
} from './errors.ts'

const BY_CODE: Partial<Record<ErrorCode, (params: Record<string, number>) => LvaError>> = {
  'audio-too-long': ({ seconds = 0, maxSeconds = 0 }) => audioTooLong(seconds, maxSeconds),
  'document-damaged': () => damaged(),
  'document-empty': emptyFile,
  'document-locked': locked,
  'document-no-speech': noSpeech,
  'document-no-text': noText,
  'document-not-supported': () => notSupported(''),
  'document-password-wrong': wrongPassword,
  'document-too-complex': tooComplex,
  'document-too-large': ({ limit = 0 }) => tooLarge(limit),
  'document-too-many-pages': ({ pages = 0, limit = 0 }) => tooManyPages(pages, limit),
  'document-took-too-long': ({ limit = 0 }) => tookTooLong(limit),
  'document-unsafe': unsafe,
  'sound-decoder-missing': () => soundDecoderMissing(),
}

/** What is to be said of a document that could not be read, by the code and the figures that were kept of it. */
export function documentFailure(code: ErrorCode, params: ErrorParams): LvaError {
  const figures = Object.entries(params).map(([name, value]) => [name, Number(value)])
  return (
    BY_CODE[code]?.(Object.fromEntries(figures)) ??
    new LvaError(code, 'The document could not be read.', {
      advice: 'Add it again; if that fails too, run "lva doctor".',
    })
  )
}
