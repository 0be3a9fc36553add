import { implement } from '@orpc/server'
import { contract } from '../../src-core/contract/contract.ts'
import type { V1ImportRecord, V1Inspection } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'

const INSPECTION: V1Inspection = {
  name: 'learning_captures.db',
  variant: 'v1',
  sha256: 'ab'.repeat(32),
  bytes: 3_400_000,
  importId: 'v1-imitated',
  rows: 2_418,
  sessions: 203,
  from: '2024-01-07T18:20:11.000Z',
  to: '2026-10-30T07:02:45.000Z',
  known: 0,
  fresh: 2_417,
  flags: [
    { flag: 'apology-rate-limit', rows: 12, examples: ['88', '89'] },
    { flag: 'timestamp-missing', rows: 1, examples: ['1040'] },
  ],
  duplicates: 3,
  changed: 0,
  refused: [{ id: '2001', reason: 'text-too-long' }],
  others: [],
  redis: null,
  needs: { bytes: 21_000_000, seconds: 4, indexSeconds: 120 },
  free: 212_000_000_000,
}

/** The import from v1 without anything behind it. */
export function imitatedLegacy() {
  const os = implement(contract).$context<ClientContext>().legacy
  const imports: V1ImportRecord[] = []
  async function* steps(phase: 'reading' | 'writing' | 'comparing' | 'removing') {
    for (let done = 0; done <= INSPECTION.rows; done += 300) {
      await new Promise((resolve) => setTimeout(resolve, 120))
      yield { type: 'progress' as const, phase, done, total: INSPECTION.rows }
    }
  }
  return {
    inspect: os.inspect.handler(async function* () {
      yield* steps('reading')
      yield { type: 'done' as const, report: INSPECTION }
    }),
    execute: os.execute.handler(async function* () {
      yield* steps('writing')
      const { name, sha256, bytes, rows, fresh, importId: id } = INSPECTION
      const at = new Date().toISOString()
      imports.unshift({ id, name, sha256, bytes, rows, startedAt: at, state: 'complete', at, captures: fresh })
      yield {
        type: 'done' as const,
        report: { inspection: INSPECTION, added: fresh, known: 0, dump: 'imitated.tar.gz' },
      }
    }),
    verify: os.verify.handler(async function* () {
      yield* steps('comparing')
      const { name, sha256, importId, rows, fresh } = INSPECTION
      yield {
        type: 'done' as const,
        report: {
          ok: true,
          name,
          sha256,
          importId,
          rows,
          refused: 1,
          checked: { documents: fresh, tables: fresh, chunks: 4_902, vectors: 4_902, concepts: fresh, captures: fresh },
          changedSince: { edited: 0, deleted: 0, answered: 0 },
          counts: {},
          differences: [],
          search: { queries: 61, found: 214, expected: 214 },
          indexComplete: true,
        },
      }
    }),
    rollBack: os.rollBack.handler(async function* ({ input }) {
      yield* steps('removing')
      imports.splice(0)
      yield {
        type: 'done' as const,
        report: {
          importId: input.id,
          removed: INSPECTION.fresh,
          kept: { edited: ['said-1'], answered: [], added: [], named: ['heads'] },
        },
      }
    }),
    importId: os.importId.handler(() => ({ id: INSPECTION.importId })),
    list: os.list.handler(() => ({ imports })),
  }
}
