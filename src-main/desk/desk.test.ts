import { beforeEach, describe, expect, it } from 'vitest'
import { type DeskMessage, type DeskReport, USUAL_KEYS } from '../../src-core/contract/index.ts'
import { ManualClock } from '../../src-core/kernel/index.ts'
import type { DeskChoices } from './choices.ts'
import { Desk, type DeskWindow, type TrayView } from './desk.ts'

class FakeWindow implements DeskWindow {
  isShown = false
  isInFront = false
  readonly told: DeskMessage[] = []
  readonly page: number
  constructor(page: number) {
    this.page = page
  }
  show() {
    this.isShown = true
    this.isInFront = true
  }
  hide() {
    this.isShown = false
    this.isInFront = false
  }
  tell(message: DeskMessage) {
    this.told.push(message)
  }
}

const quiet: DeskReport = {
  language: 'en',
  listening: false,
  handsFree: false,
  recording: 'off',
  timeline: 'off',
  syncing: false,
  problem: false,
}

let main: FakeWindow
let quick: FakeWindow | undefined
let choices: DeskChoices
let pressed: Map<string, () => void>
let isSuspended: boolean
let tray: TrayView | undefined
let asked: { message: string; detail: string }[]
let answer: PromiseWithResolvers<boolean>
let quits: number
let clock: ManualClock
let desk: Desk

function open(hasTray = true): void {
  desk = new Desk({
    choices: {
      read: () => choices,
      write: (next) => {
        choices = next
      },
    },
    keys: {
      register: (accelerator, run) => {
        if (accelerator === 'Alt+Taken') return false
        pressed.set(accelerator, run)
        return true
      },
      unregister: (accelerator) => void pressed.delete(accelerator),
      setSuspended: (on) => {
        isSuspended = on
      },
    },
    main: () => main,
    quick: () => {
      quick ??= new FakeWindow(2)
      return quick
    },
    windows: () => (quick ? [main, quick] : [main]),
    tray: hasTray
      ? {
          show: (view) => {
            tray = view
          },
        }
      : null,
    system: { tellsWindows: true, listsScreens: true, opensPrivacy: { microphone: false, screen: false } },
    language: 'en',
    choose: (question) => {
      asked.push(question)
      return answer.promise
    },
    quit: () => void quits++,
    clock,
  })
  desk.start()
}

beforeEach(() => {
  main = new FakeWindow(1)
  quick = undefined
  choices = { background: 'ask', keys: { ...USUAL_KEYS }, language: null }
  pressed = new Map()
  isSuspended = false
  tray = undefined
  asked = []
  answer = Promise.withResolvers()
  quits = 0
  clock = new ManualClock(0)
  open()
})

const report = (some: Partial<DeskReport> = {}, page = 1) =>
  desk.hear(page, { type: 'report', report: { ...quiet, ...some } })
const item = (id: string) => tray?.menu.find((entry) => entry.id === id)
const click = (id: string) => (item(id)?.click as (() => void) | undefined)?.()
const told = (window: FakeWindow | undefined) => window?.told.filter(({ type }) => type !== 'desk')
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('keys and menu', () => {
  it('wait for a page that is still loading, and reach it once', () => {
    pressed.get(USUAL_KEYS.talk)?.()
    expect(main.isShown).toBe(true)
    expect(main.told).toEqual([])
    report()
    report({ listening: true })
    expect(told(main)).toEqual([{ type: 'do', action: 'talk' }])
  })

  it('do what they say; the timeline is paused without a window', () => {
    report({ timeline: 'on' })
    pressed.get(USUAL_KEYS.timeline)?.()
    expect(main.isShown).toBe(false)
    click('timeline')
    pressed.get(USUAL_KEYS.screen)?.()
    expect(main.isShown).toBe(true)
    expect(told(main)).toEqual([
      { type: 'do', action: 'timeline' },
      { type: 'do', action: 'timeline' },
      { type: 'do', action: 'show-screen' },
    ])
  })

  it('a recording is begun before the eyes, and ended without', () => {
    report()
    click('record')
    expect(main.isShown).toBe(true)
    main.hide()
    report({ recording: 'on' })
    expect(item('record')?.label).toBe('Finish the recording')
    click('record')
    expect(main.isShown).toBe(false)
  })

  it('quick capture comes, goes to the front, and goes', () => {
    pressed.get(USUAL_KEYS.quick)?.()
    expect(quick?.isShown).toBe(true)
    if (quick) quick.isInFront = false
    pressed.get(USUAL_KEYS.quick)?.()
    expect(quick?.isInFront).toBe(true)
    pressed.get(USUAL_KEYS.quick)?.()
    expect(quick?.isShown).toBe(false)
    expect(main.isShown).toBe(false)
  })

  it('are changed, refused, and rest while they are pressed; a page that goes ends the rest', () => {
    report()
    desk.hear(1, { type: 'press-keys', on: true })
    expect(isSuspended).toBe(true)
    desk.gone(1)
    expect(isSuspended).toBe(false)
    report()
    desk.hear(1, { type: 'set-desk', change: { keys: { quick: 'Alt+Taken', talk: '' } } })
    expect(main.told.at(-1)).toMatchObject({
      type: 'desk',
      desk: { keys: { quick: { keys: 'Alt+Taken', isRefused: true }, talk: { keys: '', isRefused: false } } },
    })
    expect(choices.keys).toMatchObject({ quick: 'Alt+Taken', talk: '' })
    desk.end()
    expect(pressed.size).toBe(0)
  })
})

describe('the tray', () => {
  it('shows what pages do, in the language of the pages, and forgets those that are gone', () => {
    expect(tray).toMatchObject({ state: 'idle', about: 'Learning Voice Agent' })
    report({ language: 'de' })
    report({ language: 'de', timeline: 'on' }, 2)
    expect(tray).toMatchObject({ state: 'recording', about: 'Learning Voice Agent: nimmt auf' })
    expect(item('timeline')).toMatchObject({ label: 'Lernzeitleiste anhalten', enabled: true })
    desk.gone(2)
    expect(tray?.state).toBe('idle')
    expect(item('timeline')?.enabled).toBe(false)
    expect(choices.language).toBe('de')
    desk.coreIs('failed')
    expect(tray?.state).toBe('problem')
  })

  it('is not missed where there is none', () => {
    tray = undefined
    open(false)
    report({ recording: 'on' })
    expect(tray).toBeUndefined()
    expect(main.told).toEqual([{ type: 'desk', desk: expect.objectContaining({ hasTray: false }) }])
  })
})

describe('closing the window', () => {
  it('is explained once, and remembered', async () => {
    expect(desk.mayClose()).toBe(false)
    expect(desk.mayClose()).toBe(false)
    expect(asked).toHaveLength(1)
    main.show()
    answer.resolve(true)
    await settled()
    expect([main.isShown, choices.background, quits]).toEqual([false, 'on', 0])
    main.show()
    expect(desk.mayClose()).toBe(false)
    expect([main.isShown, asked.length]).toEqual([false, 1])
  })

  it('quits where the learner says so, and is not prevented then', async () => {
    desk.mayClose()
    answer.resolve(false)
    await settled()
    expect([choices.background, quits]).toEqual(['off', 1])
    expect(desk.mayClose()).toBe(false)
    expect(quits).toBe(2)
    desk.end()
    expect(desk.mayClose()).toBe(true)
  })

  it('says how to come back where there is no tray', () => {
    open(false)
    desk.mayClose()
    expect(asked[0]?.detail).toContain('start the program again')
  })
})

describe('links', () => {
  it('show the window and go to its page, also one that is no link: the page says so', () => {
    report()
    for (const link of ['lva://capture/1', 'lva://delete/1']) desk.openLink(link)
    expect(main.isShown).toBe(true)
    expect(told(main)).toEqual([
      { type: 'link', link: 'lva://capture/1' },
      { type: 'link', link: 'lva://delete/1' },
    ])
  })

  it('for the small window bring their words there, once it listens', () => {
    desk.openLink('lva://quick?text=heat%20death')
    expect(main.isShown).toBe(false)
    report({}, 2)
    expect(told(quick)).toEqual([{ type: 'quick-text', text: 'heat death' }])
    desk.openLink('lva://quick')
    expect(told(quick)).toHaveLength(1)
  })
})

describe('stepping aside', () => {
  it('takes our windows off the screen until the page has its still', async () => {
    report()
    main.show()
    desk.hear(1, { type: 'step-aside', ask: 4 })
    expect(main.isShown).toBe(false)
    expect(told(main)).toEqual([])
    clock.advance(300)
    await settled()
    expect(told(main)).toEqual([{ type: 'aside', ask: 4 }])
    desk.hear(1, { type: 'step-back' })
    expect(main.isShown).toBe(true)
  })

  it('ends by itself, and hidden windows stay hidden', async () => {
    report()
    desk.press('quick')
    desk.hear(1, { type: 'step-aside', ask: 1 })
    clock.advance(300)
    await settled()
    clock.advance(5_000)
    await settled()
    expect([main.isShown, quick?.isShown]).toEqual([false, true])
  })
})

it('tells the small window that it was hidden, by its key and by what was done in it, so that it hears nobody unseen', () => {
  report()
  desk.press('quick')
  desk.press('quick')
  expect(told(quick)).toEqual([])
  desk.press('quick')
  report({ listening: true }, 2)
  desk.press('quick')
  expect(told(quick)).toEqual([{ type: 'do', action: 'hidden' }])
  desk.press('quick')
  desk.hear(2, { type: 'hide-quick' })
  expect(told(quick)).toHaveLength(2)
  expect([quick?.isShown, told(main)]).toEqual([false, []])
})

it('tells every page that listens of sleep and waking, and shows none for it', () => {
  report()
  desk.press('quick')
  quick?.hide()
  desk.power('sleep')
  expect(told(quick)).toEqual([])
  report({ listening: true }, 2)
  desk.power('sleep')
  desk.power('wake')
  const both = [
    { type: 'do', action: 'sleep' },
    { type: 'do', action: 'wake' },
  ]
  expect(told(quick)).toEqual(both)
  expect(told(main)).toEqual([both[0], ...both])
  expect([main.isShown, quick?.isShown]).toEqual([false, false])
})
