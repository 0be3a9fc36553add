import type { Note } from '../../vault/index.ts'
import { FORMAT, type PortableRecord, type VaultItem, VERSION } from '../records.ts'

/** The JSON Lines of an export (docs/export.md §2), written. */
export function headerLine(exportedAt: string, filter: Record<string, string>): string {
  return line({ type: 'header', format: FORMAT, version: VERSION, exportedAt, filter })
}

export function endLine(counts: { sessions: number; captures: number; notes: number }): string {
  return line({ type: 'end', ...counts })
}

export function itemLine(item: VaultItem): string {
  switch (item.type) {
    case 'settings':
      return line({ type: 'settings', settings: { ...item.settings } })
    case 'session': {
      const { id, title, createdAt } = item.session
      return line({ type: 'session', id, title, createdAt })
    }
    case 'capture':
      return line({ type: 'capture', ...item.capture } as PortableRecord)
    case 'note':
      return line({ type: 'note', ...(item.note as Note) } as PortableRecord)
  }
}

function line(value: PortableRecord): string {
  return `${JSON.stringify(value)}\n`
}
