import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { askForErasure, finishErasure, strangersIn } from './erase.ts'
import type { DataFolder } from './folder.ts'

let folder: DataFolder
let cacheDir: string
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'lva-erase-'))
  folder = { root } as DataFolder
  cacheDir = join(root, 'not-made')
  for (const name of ['pg', 'blobs', 'dumps', 'graph', 'incoming', 'outgoing', 'holidays']) {
    mkdirSync(join(root, name))
    writeFileSync(join(root, name, 'words'), 'what the learner said')
  }
  for (const name of ['config.json', 'secrets.json', 'backup.json', 'letter.txt']) writeFileSync(join(root, name), '{}')
})
afterEach(() => rmSync(folder.root, { recursive: true, force: true }))

it('removes all that is of this program once it was asked for, and nothing else', () => {
  expect(strangersIn(folder).sort()).toEqual(['holidays', 'letter.txt'])
  askForErasure(folder)
  finishErasure(folder, cacheDir)
  expect(readdirSync(folder.root).sort()).toEqual(['holidays', 'letter.txt'])
})

it('removes nothing that nobody asked for', () => {
  const before = readdirSync(folder.root)
  finishErasure(folder, cacheDir)
  expect(readdirSync(folder.root)).toEqual(before)
})
