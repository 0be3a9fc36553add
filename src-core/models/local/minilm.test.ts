import { expect, it } from 'vitest'
import { MODEL_CACHE } from '../../../test/model-cache.ts'
import { cosine, embedderSuite } from '../../../test/suites/embedder-suite.ts'
import { silentLog } from '../../kernel/index.ts'
import { openMiniLm } from './minilm.ts'

const open = () => openMiniLm({ cacheDir: MODEL_CACHE, batch: 16, threads: 0, log: silentLog })

embedderSuite('MiniLM', async () => ({ embedder: await open(), close: async () => undefined }), {
  near: ["I'm learning how attention works in transformers", 'neural nets focusing on parts of the input'],
  far: 'The recipe needs two eggs and some flour',
})

it('finds the likenesses that the authors of the model print', async () => {
  // https://sbert.net/docs/quickstart.html shows these figures for all-MiniLM-L6-v2.
  const [weather, sunny, stadium] = (await (
    await open()
  ).embed(['The weather is lovely today.', "It's so sunny outside!", 'He drove to the stadium.'])) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  expect(cosine(weather, sunny)).toBeCloseTo(0.666, 3)
  expect(cosine(weather, stadium)).toBeCloseTo(0.1046, 3)
  expect(cosine(sunny, stadium)).toBeCloseTo(0.1411, 3)
})
