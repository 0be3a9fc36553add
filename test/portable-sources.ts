import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { detectKind } from '../src-core/portable/import/detect.ts'
import { READERS } from '../src-core/portable/import/read-source.ts'
import type { ImportItem } from '../src-core/portable/import/types.ts'
import { openSource } from '../src-core/portable/sources/open-source.ts'
import type { ImportKind, Problem } from '../src-core/portable/types.ts'

/** Sources as other programs write them, made by the tests, and what is read of them. */

export type Files = Record<string, string | Uint8Array>

/** When every file of an archive was changed. */
export const CHANGED = new Date(Date.UTC(2024, 4, 1))

/** @returns the folder */
export function makeFolder(folder: string, files: Files): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** @returns the archive */
export async function makeZip(path: string, files: Files): Promise<string> {
  mkdirSync(dirname(path), { recursive: true })
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, { mtime: CHANGED })
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
  return path
}

export interface WhatWasRead {
  kind: ImportKind
  items: ImportItem[]
  sessions: Extract<ImportItem, { type: 'session' }>['session'][]
  captures: Extract<ImportItem, { type: 'capture' }>['capture'][]
  notes: Extract<ImportItem, { type: 'note' }>['note'][]
  /** Names of attachments, in the order in which they came. */
  attachments: string[]
  /** Of the source and of the reader: code and place. */
  problems: [code: Problem['code'], place: string][]
}

/** Reads a source as an import does, with nothing behind it. */
export async function readWhole(path: string, longestText = 100_000): Promise<WhatWasRead> {
  const { signal } = new AbortController()
  const source = await openSource(path, signal)
  try {
    const kind = await detectKind(source)
    const items: ImportItem[] = []
    const context = { source, longestText, now: '2026-11-03T09:15:00.000Z', signal }
    for await (const item of READERS[kind](context)) items.push(item)
    const found = items.flatMap((item) => (item.type === 'problem' ? [item.problem] : []))
    return {
      kind,
      items,
      sessions: items.flatMap((item) => (item.type === 'session' ? [item.session] : [])),
      captures: items.flatMap((item) => (item.type === 'capture' ? [item.capture] : [])),
      notes: items.flatMap((item) => (item.type === 'note' ? [item.note] : [])),
      attachments: items.flatMap((item) =>
        item.type === 'capture' || item.type === 'note' ? item.attachments.map(({ name }) => name) : [],
      ),
      problems: [...source.problems, ...found].map(({ code, place }) => [code, place]),
    }
  } finally {
    await source.close()
  }
}
