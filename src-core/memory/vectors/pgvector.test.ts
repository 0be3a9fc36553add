import { type VectorIndexFixture, vectorIndexSuite } from '../../../test/suites/vector-index-suite.ts'
import { openTestStore } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { writeChunks } from '../chunk-rows.ts'
import { PgvectorIndex } from './pgvector.ts'
import { ResidentVectors } from './resident.ts'

const onPglite = (isResident: boolean) => async (): Promise<VectorIndexFixture> => {
  const store = await openTestStore()
  const db = store.database
  return {
    open: async (modelId) => {
      const index = new PgvectorIndex(db, 'vault', modelId)
      await index.prepare()
      if (!isResident) return index
      const resident = new ResidentVectors(index, { clock: systemClock, log: silentLog })
      await resident.whenResident()
      return resident
    },
    storeChunks: async (chunks) => {
      await db.query('delete from chunks')
      await writeChunks(
        db,
        'vault',
        chunks.map(({ chunkId, place }) => ({
          id: chunkId,
          kind: place.field === 'noteText' ? 'note' : 'capture',
          ordinal: 0,
          start: 0,
          end: 4,
          text: place.text,
          terms: place.text,
          language: place.language,
          captureId: place.captureId,
          field: place.field,
          sessionId: place.sessionId,
          source: place.source,
          createdAt: place.createdAt,
          heading: [],
          place: null,
        })),
      )
    },
    close: () => store.close(),
    keepsOtherModels: true,
  }
}

vectorIndexSuite('pgvector on PGlite', onPglite(false))
vectorIndexSuite('pgvector on PGlite, resident', onPglite(true))
