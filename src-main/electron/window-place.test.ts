import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPlace } from './window-place.ts'

const area = { x: 0, y: 0, width: 1_280, height: 800 }
const screen = { getAllDisplays: () => [{ workArea: area }] } as Parameters<typeof readPlace>[1]
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-place-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function kept(content: string) {
  const file = join(folder, 'place.json')
  writeFileSync(file, content)
  return readPlace(file, screen)
}

describe('the place of the window', () => {
  const place = { bounds: { x: 20, y: 30, width: 900, height: 700 }, maximized: false, background: '#101214' }

  it('is the one that was remembered', () => {
    expect(kept(JSON.stringify(place))).toEqual(place)
  })

  it.each([
    ['nothing was remembered', ''],
    ['the file is damaged', '{"bounds":'],
    ['the window would be too small', JSON.stringify({ ...place, bounds: { ...place.bounds, width: 3 } })],
    ['its screen is gone', JSON.stringify({ ...place, bounds: { ...place.bounds, x: 4_000 } })],
    ['a colour is none', JSON.stringify({ ...place, background: 'red; x' })],
  ])('is the usual one when %s', (_name, content) => {
    expect(kept(content)).toBeNull()
  })
})
