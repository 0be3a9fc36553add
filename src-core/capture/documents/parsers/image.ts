import { assemble } from '../assemble.ts'
import type { DocumentParser } from '../types.ts'
import { openPictureReader } from './ocr.ts'

/** Pictures with writing. */
export const imageParser: DocumentParser = {
  formats: ['image'],
  async parse({ bytes, pictureLanguage }, { limits, onProgress, signal }) {
    const reader = await openPictureReader(pictureLanguage ?? limits.pictureLanguage, signal)
    try {
      const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      return assemble('', 1, await reader.read(picture, 1, (part) => onProgress(Math.round(part * 100), 100)))
    } finally {
      await reader.close()
    }
  },
}
