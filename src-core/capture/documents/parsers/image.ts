import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { assemble } from '../assemble.ts'
import type { DocumentParser, RawBlock } from '../types.ts'

const require = createRequire(import.meta.url)

/** Pictures with writing, by tesseract with the packaged English data. Everything it needs is on the disk; nothing is fetched. */
export const imageParser: DocumentParser = {
  formats: ['image'],
  async parse({ bytes }, { onProgress, signal }) {
    const { createWorker, OEM } = await import('tesseract.js')
    const data = dirname(require.resolve('@tesseract.js-data/eng/package.json'))
    const worker = await createWorker('eng', OEM.LSTM_ONLY, {
      langPath: join(data, '4.0.0_best_int'),
      cacheMethod: 'none',
      gzip: true,
      logger: ({ status, progress }) => {
        if (status === 'recognizing text') onProgress(Math.round(progress * 100), 100)
      },
      // A failure also rejects the call that waits for it.
      errorHandler: () => undefined,
    })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const { data: page } = await worker.recognize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      const paragraphs = page.text.split(/\n\s*\n/)
      return assemble(
        '',
        1,
        paragraphs.map((text): RawBlock => ({ kind: 'paragraph', text: text.trim(), place: { page: 1 } })),
      )
    } finally {
      signal.removeEventListener('abort', stop)
      await worker.terminate()
    }
  },
}
