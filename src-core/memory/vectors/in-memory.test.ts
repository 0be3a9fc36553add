import { vectorIndexSuite } from '../../../test/suites/vector-index-suite.ts'
import { InMemoryVectorIndex } from './in-memory.ts'

vectorIndexSuite('in memory', async () => ({
  open: async () => new InMemoryVectorIndex(),
  storeChunks: async () => undefined,
  close: async () => undefined,
  keepsOtherModels: false,
}))
