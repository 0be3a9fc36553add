import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DataFolder, dataFolder } from './folder.ts'
import { askForSwap, finishSwap, lastSwap } from './swap.ts'

let folder: DataFolder
beforeEach(() => {
  folder = dataFolder(mkdtempSync(join(tmpdir(), 'lva-swap-')))
  make('', 'present')
  make('restored/one', 'restored')
})
afterEach(() => rmSync(folder.root, { recursive: true, force: true }))

function make(place: string, content: string): void {
  for (const part of ['pg', 'blobs']) {
    mkdirSync(join(folder.root, place, part), { recursive: true })
    writeFileSync(join(folder.root, place, part, 'PG_VERSION'), content)
  }
}
const contentOf = (place: string) =>
  ['pg', 'blobs'].map((part) => readFileSync(join(folder.root, place, part, 'PG_VERSION'), 'utf8'))
const at = '2026-11-03T09:15:00.000Z'
const SWAP = { from: 'restored/one', aside: 'before-restore/a', at }

describe('a swap', () => {
  it('is done at the next start, keeps what was there, and can be taken back', () => {
    askForSwap(folder, SWAP)
    expect(contentOf('')).toEqual(['present', 'present'])
    finishSwap(folder)
    expect([contentOf(''), contentOf('before-restore/a')]).toEqual([
      ['restored', 'restored'],
      ['present', 'present'],
    ])
    expect(lastSwap(folder)).toEqual(SWAP)
    askForSwap(folder, { from: 'before-restore/a', aside: 'before-restore/b', at })
    finishSwap(folder)
    expect([contentOf(''), contentOf('before-restore/b')]).toEqual([
      ['present', 'present'],
      ['restored', 'restored'],
    ])
  })

  it.each([1, 2, 3, 4])('that was cut off after rename %d is finished at the start after it', (renames) => {
    askForSwap(folder, SWAP)
    mkdirSync(join(folder.root, SWAP.aside), { recursive: true })
    const steps = ['pg', 'blobs'].flatMap((part) => [
      [part, `${SWAP.aside}/${part}`],
      [`${SWAP.from}/${part}`, part],
    ])
    for (const [from = '', to = ''] of steps.slice(0, renames))
      renameSync(join(folder.root, from), join(folder.root, to))
    finishSwap(folder)
    finishSwap(folder)
    expect([contentOf(''), contentOf(SWAP.aside)]).toEqual([
      ['restored', 'restored'],
      ['present', 'present'],
    ])
    expect(existsSync(join(folder.root, 'swap.json'))).toBe(false)
  })

  it('of a copy that is gone, or of another place, is refused', () => {
    expect(() => askForSwap(folder, { ...SWAP, from: 'restored/two' })).toThrow('not there')
    expect(() => askForSwap(folder, { ...SWAP, from: '../elsewhere' })).toThrow()
  })
})
