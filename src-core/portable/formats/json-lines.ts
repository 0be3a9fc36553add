import type { Note } from '../../vault/index.ts'
import { FORMAT, type PortableRecord, type VaultItem, VERSION } from '../records.ts'

/** The JSON Lines of an export (docs/export.md §2), written. */
export function headerLine(exportedAt: string, filter: Record<string, string | undefined>): string {
  return line({ type: 'header', format: FORMAT, version: VERSION, exportedAt, filter } as PortableRecord)
}

export function endLine(counts: { sessions: number; captures: number; notes: number; documents: number }): string {
  return line({ type: 'end', ...counts })
}

export function itemLine(item: VaultItem): string {
  switch (item.type) {
    case 'settings':
      return line({ type: 'settings', settings: { ...item.settings } })
    case 'concepts': {
      const { names, terms, hidden, links } = item.corrections
      return line({
        type: 'concepts',
        names: Object.fromEntries(names),
        terms: Object.fromEntries(terms),
        hidden: [...hidden],
        links,
      })
    }
    case 'session': {
      const { id, title, createdAt } = item.session
      return line({ type: 'session', id, title, createdAt })
    }
    case 'capture':
      return line({ type: 'capture', ...item.capture } as PortableRecord)
    case 'note':
      return line({ type: 'note', ...(item.note as Note) } as PortableRecord)
    case 'learner':
      return [
        ...item.memories.map((memory) => line({ type: 'memory', ...memory })),
        ...item.cards.map((card) => line({ type: 'card', ...card })),
      ].join('')
    case 'document': {
      const { id, title, sha256, format, size, origins, tags, createdAt, updatedAt, sound, keepsSound } = item.document
      const { collections } = item
      return line({
        type: 'document',
        ...{ id, title, sha256, format, size, origins, tags, collections, createdAt, updatedAt },
        ...(sound && { sound }),
        ...(keepsSound && { keepsSound }),
      })
    }
  }
}

function line(value: PortableRecord): string {
  return `${JSON.stringify(value)}\n`
}
