import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { USUAL_KEYS } from '../../src-core/contract/index.ts'
import { silentLog } from '../../src-core/kernel/index.ts'
import { changed, choicesFile } from './choices.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-desk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const usual = { background: 'ask', keys: USUAL_KEYS, language: null } as const

describe('choices of the desktop', () => {
  it('are kept', () => {
    const file = choicesFile(join(folder, 'desk.json'), silentLog)
    expect(file.read()).toEqual(usual)
    const chosen = { background: 'off', keys: { ...USUAL_KEYS, talk: '' }, language: 'de' } as const
    file.write(chosen)
    expect(choicesFile(join(folder, 'desk.json'), silentLog).read()).toEqual(chosen)
  })

  it('that cannot be written stop nothing, and are told to the log', () => {
    const warn = vi.fn()
    choicesFile(join(folder, 'none', 'desk.json'), { warn }).write(usual)
    expect(warn).toHaveBeenCalledOnce()
  })

  it.each(['', '{"back', 'null', '[]', '{"background":"for ever","keys":{"quick":3},"language":"tlh"}'])(
    'are the usual ones where the file holds %s',
    (content) => {
      writeFileSync(join(folder, 'desk.json'), content)
      expect(choicesFile(join(folder, 'desk.json'), silentLog).read()).toEqual(usual)
    },
  )

  it('change one by one, and the same keys are for one thing only', () => {
    expect(changed(usual, { background: 'on' })).toEqual({ ...usual, background: 'on' })
    expect(changed(usual, { keys: { quick: 'Alt+Q', talk: '' } }).keys).toEqual({
      ...USUAL_KEYS,
      quick: 'Alt+Q',
      talk: '',
    })
    expect(changed(usual, { keys: { quick: USUAL_KEYS.talk } })).toEqual(usual)
    expect(changed({ ...usual, keys: { ...USUAL_KEYS, talk: '' } }, { keys: { quick: '' } }).keys).toMatchObject({
      quick: '',
      talk: '',
    })
  })

  it('may change places at once, and the usual ones come back from any others', () => {
    const turned = { ...USUAL_KEYS, quick: USUAL_KEYS.talk, talk: USUAL_KEYS.quick }
    expect(changed(usual, { keys: { quick: turned.quick, talk: turned.talk } }).keys).toEqual(turned)
    expect(changed({ ...usual, keys: turned }, { keys: USUAL_KEYS }).keys).toEqual(USUAL_KEYS)
    expect(changed(usual, { keys: { quick: 'Alt+Q', talk: 'Alt+Q' } }).keys).toEqual({ ...USUAL_KEYS, quick: 'Alt+Q' })
    expect(changed(usual, { keys: { quick: USUAL_KEYS.talk, talk: USUAL_KEYS.talk } }).keys).toEqual({
      ...USUAL_KEYS,
      quick: USUAL_KEYS.talk,
      talk: '',
    })
  })
})
