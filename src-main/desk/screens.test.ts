import type { DesktopCapturer } from 'electron'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../src-core/kernel/index.ts'
import { type ScreenParts, Screens } from './screens.ts'

const picture = (byte: number) => ({ toPNG: () => Buffer.from([byte]) })
const SOURCES = [
  { id: 'window:7:0', name: 'Lecture', display_id: '', thumbnail: picture(7) },
  { id: 'window:8:1', name: 'Learning Voice Agent', display_id: '', thumbnail: picture(8) },
  { id: 'screen:0:0', name: 'Screen 1', display_id: '11', thumbnail: picture(1) },
  { id: 'screen:1:0', name: 'Screen 2', display_id: '12', thumbnail: picture(2) },
]
const FIVE_K = { x: 1_920, y: 0, width: 2_560, height: 1_440 }

function screens(some: Partial<ScreenParts> = {}, sources: () => Promise<object[]> = async () => SOURCES) {
  const clock = new ManualClock(0)
  const asked: object[] = []
  const getSources = (options: object) => {
    asked.push(options)
    return sources()
  }
  const made = new Screens({
    capturer: { getSources } as unknown as DesktopCapturer,
    displays: () => [
      { id: 11, bounds: { x: 0, y: 0, width: 1_920, height: 1_080 }, scaleFactor: 1 },
      { id: 12, bounds: FIVE_K, scaleFactor: 2 },
    ],
    listsScreens: true,
    isDenied: () => false,
    clock,
    ...some,
  })
  return { screens: made, clock, asked }
}

describe('what can be shown', () => {
  it('is screens and then windows, without our own, with small pictures and the places of screens', async () => {
    const { screens: given, asked } = screens()
    const listed = await given.list()
    expect(listed.screens.map(({ id, kind, name }) => [id, kind, name])).toEqual([
      ['screen:0:0', 'screen', 'Screen 1'],
      ['screen:1:0', 'screen', 'Screen 2'],
      ['window:7:0', 'window', 'Lecture'],
    ])
    expect(listed.screens[1]).toMatchObject({ place: { ...FIVE_K, scale: 2 }, picture: new Uint8Array([2]) })
    expect(listed.screens[2]?.place).toBeNull()
    expect(asked).toEqual([{ types: ['screen', 'window'], thumbnailSize: { width: 320, height: 200 } }])
  })

  it('is bounded', async () => {
    const many = Array.from({ length: 300 }, (_, n) => ({
      ...SOURCES[0],
      id: `window:${n + 1}0:0`,
      name: 'x'.repeat(900),
    }))
    const { screens: list } = await screens({}, async () => [...many, ...SOURCES]).screens.list()
    expect(list).toHaveLength(60)
    expect(list[0]?.id).toBe('screen:0:0')
    expect(list.at(-1)?.name).toHaveLength(300)
  })

  it('is nothing where the system denies it, which is said', async () => {
    const nothing = { screens: [], isDenied: true }
    expect(await screens({ isDenied: () => true }).screens.list()).toEqual(nothing)
    const failing = () => Promise.reject(new Error('Failed to get sources.'))
    expect(await screens({ isDenied: () => true }, failing).screens.list()).toEqual(nothing)
    await expect(screens({}, failing).screens.list()).rejects.toThrow('Failed to get sources.')
  })
})

describe('a choice', () => {
  it('is given once', async () => {
    const { screens: given } = screens()
    await given.list()
    expect(await given.take()).toBeNull()
    given.choose('window:7:0')
    expect(await given.take()).toEqual({ id: 'window:7:0', name: 'Lecture' })
    expect(await given.take()).toBeNull()
  })

  it('of what was not listed is none, and takes an older one along', async () => {
    const { screens: given } = screens()
    await given.list()
    given.choose('screen:0:0')
    given.choose('window:8:1')
    expect(await given.take()).toBeNull()
  })

  it('is forgotten after a while', async () => {
    const { screens: given, clock } = screens()
    await given.list()
    given.choose('screen:0:0')
    clock.advance(20_001)
    expect(await given.take()).toBeNull()
  })
})

describe('where the system asks', () => {
  it('nothing is listed, so that it asks once, and its answer is taken', async () => {
    const { screens: given, asked } = screens({ listsScreens: false })
    expect(await given.list()).toEqual({ screens: [], isDenied: false })
    expect(asked).toEqual([])
    expect(await given.take()).toEqual({ id: 'window:7:0', name: 'Lecture' })
  })

  it('no answer is no screen', async () => {
    expect(await screens({ listsScreens: false }, async () => []).screens.take()).toBeNull()
  })
})
