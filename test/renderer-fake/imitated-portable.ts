import type { ImportReceipt, ImportReport } from '../../src-core/contract/index.ts'
import type { Scenario } from './scenario.ts'

const STEPS = 10

/** Export and import, imitated: an export of a few bytes, an import that finds a vault of notes. */
export function imitatePortable(
  scenario: Pick<Scenario, 'portableMs' | 'importFails' | 'exportFails' | 'pastImports'>,
  fail: (code: string) => never,
  wait: (ms: number) => Promise<unknown>,
  at: string,
) {
  const report: ImportReport = {
    kind: 'obsidian',
    name: 'Physics',
    counts: { sessions: 0, captures: 0, notes: 214, documents: 0, present: 3, deleted: 1 },
    attachments: 37,
    attachmentBytes: 18_400_000,
    from: '2023-02-11T09:00:00.000Z',
    to: at,
    settings: [],
    corrections: 0,
    problems: [
      { code: 'missing-attachment', place: 'Optics/Lenses.md', detail: 'The file lens.png is not there.' },
      { code: 'missing-attachment', place: 'Optics/Mirrors.md', detail: 'The file mirror.png is not there.' },
      { code: 'not-utf8', place: 'Old/1998.txt', detail: 'The text is not UTF-8; it was read as Windows-1252.' },
    ],
    problemCount: 3,
  }
  const receipts: ImportReceipt[] = []
  const receive = (kind: string, name: string, counts: ImportReport['counts'], more: Partial<ImportReceipt> = {}) => {
    receipts.unshift({
      ...{ id: `i${receipts.length}`, kind, name, counts, at, finishedAt: at, rolledBackAt: null },
      ...more,
    })
    return receipts[0] as ImportReceipt
  }
  if (scenario.pastImports) {
    const none = { sessions: 0, captures: 0, notes: 0, documents: 0, present: 0, deleted: 0 }
    receive('anki', 'Spanish.apkg', { ...none, notes: 1_840 }, { rolledBackAt: at })
    receive('chatgpt', 'chatgpt-2026-10-30.zip', { ...none, sessions: 412, captures: 3_906 })
    receive('bookmarks', 'bookmarks.html', { ...none, notes: 96 }, { finishedAt: null })
  }
  async function* steps<T>(last: T, fails = '') {
    for (let done = 0; done <= STEPS; done += 1) {
      if (done === STEPS / 2 && fails !== '') fail(fails)
      yield { type: 'progress' as const, done, total: STEPS }
      await wait(scenario.portableMs)
    }
    yield last
  }
  return {
    exportForPage: () => {
      const counts = { sessions: 12, captures: 140, notes: 9, documents: 4, attachments: 30, missing: 2 }
      const result = { ...counts, id: 'd', name: 'learning-voice-agent-2026-11-03.markdown.zip', bytes: 4 }
      return steps({ type: 'done' as const, result }, scenario.exportFails)
    },
    piece: (offset: number) => new Blob(offset === 0 ? ['PK..'] : []),
    receive: (path: string) => {
      if (path.includes(':')) fail('bad-input')
      return { upload: 'u' }
    },
    inspect: () => steps({ type: 'done' as const, report }, scenario.importFails),
    async *import() {
      const { kind, name, counts } = report
      const cutOff = receipts.find((known) => known.name === name && known.finishedAt === null && !known.rolledBackAt)
      const receipt = cutOff ?? receive(kind, name, counts, { finishedAt: null })
      for await (const event of steps({ type: 'done' as const, report: { ...report, id: receipt.id } })) {
        if (event.type === 'done') receipt.finishedAt = at
        yield event
      }
    },
    imports: () => ({ imports: receipts }),
    rollBack: (id: string) => {
      const receipt = receipts.find((known) => known.id === id)
      if (receipt) receipt.rolledBackAt = at
      return steps({
        type: 'done' as const,
        removed: 213,
        kept: 1,
        keptItems: [{ kind: 'note' as const, id: 'note-1', words: 'Lenses, in my words' }],
      })
    },
  }
}
