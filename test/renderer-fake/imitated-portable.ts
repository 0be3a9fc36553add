import type { ImportReceipt, ImportReport } from '../../src-core/contract/index.ts'

/** Export and import, imitated: an export of a few bytes, an import that finds a vault of notes. */
export function imitatePortable(wait: (ms: number) => Promise<unknown>, at: string) {
  const report: ImportReport = {
    kind: 'obsidian',
    name: 'Physics',
    counts: { sessions: 0, captures: 0, notes: 214, documents: 0, present: 3, deleted: 1 },
    attachments: 37,
    attachmentBytes: 18_400_000,
    from: '2023-02-11T09:00:00.000Z',
    to: at,
    settings: [],
    problems: [
      { code: 'missing-attachment', place: 'Optics/Lenses.md', detail: 'The file lens.png is not there.' },
      { code: 'not-utf8', place: 'Old/1998.txt', detail: 'The text is not UTF-8; it was read as Windows-1252.' },
    ],
    problemCount: 2,
  }
  const receipts: ImportReceipt[] = []
  const steps = async function* <T>(last: T) {
    for (let done = 0; done <= 10; done += 1) {
      yield { type: 'progress' as const, done, total: 10 }
      await wait(60)
    }
    yield last
  }
  return {
    exportForPage: () => {
      const counts = { sessions: 12, captures: 140, notes: 9, documents: 4, attachments: 30, missing: 0 }
      return steps({ type: 'done' as const, result: { ...counts, id: 'd', name: 'export.zip', bytes: 4 } })
    },
    piece: (offset: number) => new Blob(offset === 0 ? ['PK..'] : []),
    receive: () => ({ upload: 'u' }),
    inspect: () => steps({ type: 'done' as const, report }),
    import: () => {
      const { kind, name, counts } = report
      receipts.unshift({ id: `i${receipts.length}`, kind, name, counts, at, finishedAt: at, rolledBackAt: null })
      return steps({ type: 'done' as const, report: { ...report, id: receipts[0]?.id ?? '' } })
    },
    imports: () => ({ imports: receipts }),
    rollBack: (id: string) => {
      const receipt = receipts.find((known) => known.id === id)
      if (receipt) receipt.rolledBackAt = at
      return steps({ type: 'done' as const, removed: 214, kept: 0, keptItems: [] })
    },
  }
}
