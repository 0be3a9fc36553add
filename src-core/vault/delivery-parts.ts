import { createHash } from 'node:crypto'
import type * as Y from 'yjs'
import { isPlainObject } from './door.ts'

/** A part of the one transaction of a batch, and the documents that it needs. */
export interface Act {
  names: string[]
  run(docOf: (name: string) => Y.Doc): void
}

/** What a delivery remembers of one thing that it brought: `<kind>/<id>`, and a hash of what it was. */
export type Item = { key: string; hash: string | true }

export function hashOf(...texts: (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16)
}

/** Names the deletion by a roll back; holds no slash, like every deletion id. */
export function rollBackId(id: string): string {
  return `import:${id}`
}

export function isRolledBack(tombstone: unknown): boolean {
  return isPlainObject(tombstone) && String(tombstone.with).startsWith('import:')
}
