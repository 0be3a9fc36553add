import { LvaError } from '../../kernel/index.ts'

export function pictureEmpty(): LvaError {
  return new LvaError('picture-empty', 'The picture is empty.', { advice: 'Take or save it again.' })
}

export function notAPicture(): LvaError {
  return new LvaError('picture-not-supported', 'This is no picture that can be looked at.', {
    advice: 'Save it as PNG, JPEG, WebP or GIF.',
  })
}

export function pictureDamaged(cause?: unknown): LvaError {
  return new LvaError('picture-damaged', 'The picture is damaged and cannot be shown.', {
    advice: 'Open it elsewhere and save it again, or take a screenshot of it.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** @param limitMb MB of 2^20 bytes */
export function pictureTooLarge(limitMb: number): LvaError {
  return new LvaError('picture-too-large', `The picture has more than ${limitMb} MB.`, {
    advice: 'Save it smaller, or raise pictures.fileMb in the configuration.',
    params: { limit: limitMb },
  })
}

/** @param limit millions of pixels */
export function tooManyPixels(width: number, height: number, limit: number): LvaError {
  return new LvaError(
    'picture-too-many-pixels',
    `The picture has ${width} × ${height} pixels; the most is ${limit} million.`,
    {
      advice: 'Scale it down, or cut out what matters.',
      params: { width, height, limit },
    },
  )
}

export function tooManyPictures(limit: number): LvaError {
  return new LvaError('too-many-pictures', `At most ${limit} pictures go with one message.`, {
    advice: 'Remove some, and send them with the next message.',
    params: { limit },
  })
}
