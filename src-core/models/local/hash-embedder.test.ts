import { embedderSuite } from '../../../test/suites/embedder-suite.ts'
import { hashEmbedder } from './hash-embedder.ts'

embedderSuite('the word hash', async () => ({ embedder: hashEmbedder(), close: async () => undefined }), {
  near: ['the cell makes energy', 'energy is what the cell makes'],
  far: 'a parliament passes laws',
})
