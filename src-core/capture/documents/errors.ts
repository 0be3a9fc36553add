import { LvaError } from '../../kernel/index.ts'

/** Why a document cannot be read, and what the learner can do. */

export function damaged(cause?: unknown): LvaError {
  return new LvaError('document-damaged', 'The file is damaged, or is not what it says it is.', {
    advice: 'Open it in the program that made it, save it again, and add it once more.',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function emptyFile(): LvaError {
  return new LvaError('document-empty', 'The file is empty.', { advice: 'There is nothing in it to keep.' })
}

/** A file of this machine, before it is a document. */
export function fileUnreadable(cause?: unknown): LvaError {
  return new LvaError('file-unreadable', 'The file cannot be read.', {
    advice: 'Check that it is still there and that you may open it.',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function locked(): LvaError {
  return new LvaError('document-locked', 'The file is protected by a password.', {
    advice: 'Give its password, or save it without one.',
  })
}

export function wrongPassword(): LvaError {
  return new LvaError('document-password-wrong', 'The password does not open the file.', {
    advice: 'Try the password again.',
  })
}

export function notSupported(what: string): LvaError {
  return new LvaError('document-not-supported', 'This kind of file cannot be read.', {
    advice:
      'Save it as PDF, DOCX, PPTX, XLSX, ODT, RTF, EPUB, HTML, Markdown, text, CSV, EML, PNG or JPEG, sound as MP3, M4A, OGG, FLAC or WAV.',
    params: { what },
  })
}

export function noText(): LvaError {
  return new LvaError('document-no-text', 'No text was found in the file.', {
    advice: 'If it is a picture, take a sharper one; if it is empty, there is nothing to keep.',
  })
}

export function noSpeech(): LvaError {
  return new LvaError('document-no-speech', 'No words were heard in the recording.', {
    advice: 'Play it: if somebody speaks in it, a louder or clearer recording may help.',
  })
}

/** Its native library does not load on this machine. */
export function soundDecoderMissing(cause?: unknown): LvaError {
  return new LvaError('sound-decoder-missing', 'What decodes this kind of sound cannot be loaded on this machine.', {
    advice: 'On Linux, install ALSA (libasound2) and try again; or save the sound as WAV.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** @param limitMb MB of 2^20 bytes */
export function tooLarge(limitMb: number): LvaError {
  return new LvaError('document-too-large', `The file is larger than ${limitMb} MB.`, {
    advice: 'Split it, or raise documents.fileMb in the configuration.',
    params: { limit: limitMb },
  })
}

export function tooManyPages(pages: number, limit: number): LvaError {
  return new LvaError('document-too-many-pages', `The file has ${pages} pages; the most is ${limit}.`, {
    advice: 'Split it, or raise documents.pages in the configuration.',
    params: { pages, limit },
  })
}

/** It unfolds to more than may be held: a bomb, or something nested without end. */
export function tooComplex(): LvaError {
  return new LvaError('document-too-complex', 'Reading the file would take more memory than is allowed.', {
    advice: 'It may be made to do harm. If you trust it, split it into smaller files.',
  })
}

export function tookTooLong(seconds: number): LvaError {
  return new LvaError('document-took-too-long', `Reading the file took longer than ${seconds} seconds.`, {
    advice: 'Split it, or raise documents.seconds in the configuration, and try again.',
    params: { limit: seconds },
  })
}

export function unsafe(): LvaError {
  return new LvaError('document-unsafe', 'The file is built to reach outside of itself and is not read.', {
    advice: 'Do not open it elsewhere unless you know where it comes from.',
  })
}

/** Its text cannot be read here before its bytes have come. */
export function elsewhere(): LvaError {
  return new LvaError('attachment-elsewhere', 'Its file is not on this device.', {
    advice: 'Fetch it from your other devices, or put it back from a backup.',
  })
}
