import { describe, expect, it } from 'vitest'
import { type Client, LOOK_HEIGHT, LOOK_WIDTH, type TimelineState } from '../../src-core/contract/index.ts'
import { ScreenFault } from '../backend/failure.ts'
import { type SeenScreen, StudyRecorder } from './study-recorder.ts'

/** A screen of one brightness, and a core that takes what it is offered. */
function world() {
  const offered: string[] = []
  const failures: string[] = []
  const states: ((state: TimelineState['state']) => void)[] = []
  let bright = 200
  let tick: () => void = () => undefined
  let end: () => void = () => undefined
  let isOpen = false
  let outcome = 'taken'
  let isExcluding = true
  let width = 8
  const scaled: number[] = []
  let isChoosingNone = false
  let refusal: Error | undefined
  let titles: string[] | null = ['Lecture']
  let pace: () => Promise<{ everySeconds: number }> = async () => ({ everySeconds: 5 })
  const screen: SeenScreen = {
    glance: () => new Uint8ClampedArray(LOOK_WIDTH * LOOK_HEIGHT * 4).fill(bright),
    file: async () => ({
      picture: new Blob([String(bright)]),
      kept: { width: 8, height: 3 },
      seen: { width, height: 3 },
    }),
    windows: async () => titles,
    onEnd: (listener) => {
      end = listener
    },
    close: () => {
      isOpen = false
    },
  }
  async function* hold(_: undefined, { signal }: { signal: AbortSignal }) {
    for (;;) {
      const next = Promise.withResolvers<TimelineState['state']>()
      states.push(next.resolve)
      signal.addEventListener('abort', () => next.reject(new DOMException('stopped', 'AbortError')))
      yield { state: await next.promise } as TimelineState
    }
  }
  const recorder = new StudyRecorder({
    timeline: {
      hold,
      pace: () => pace(),
      offer: async ({ picture, windows }: { picture: Blob; windows: string[] | null }) => {
        if (!windows && isExcluding) return { outcome: 'untold' }
        offered.push(await picture.text())
        return { outcome }
      },
    } as unknown as Client['timeline'],
    openScreen: async () => {
      if (refusal) throw refusal
      if (isChoosingNone) return null
      isOpen = true
      return screen
    },
    every: (_, run) => {
      tick = run
      return () => {
        tick = () => undefined
      }
    },
    onFault: ({ code }) => failures.push(code),
    onScaled: (_, seen) => scaled.push(seen.width),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    ...{ recorder, offered, failures, scaled, settle },
    isOpen: () => isOpen,
    grow: (to: number) => {
      width = to
    },
    tell: (told: string[] | null) => {
      titles = told
    },
    leaveOutNothing: () => {
      isExcluding = false
    },
    chooseNone: () => {
      isChoosingNone = true
    },
    setPace: (give: typeof pace) => {
      pace = give
    },
    end: () => end(),
    answer: (given: string) => {
      outcome = given
    },
    refuse: (error: Error) => {
      refusal = error
    },
    async shows(brightness: number) {
      bright = brightness
      tick()
      await settle()
    },
    async says(state: TimelineState['state']) {
      states.at(-1)?.(state)
      await settle()
    },
  }
}

describe('StudyRecorder', () => {
  it('sends a frame when the screen shows something new, and none when it is the same or black', async () => {
    const { recorder, shows, offered } = world()
    await recorder.start()
    for (const bright of [200, 200, 203, 0, 90]) await shows(bright)
    expect(offered).toEqual(['200', '90'])
  })

  it('sends a frame again that was not taken', async () => {
    const { recorder, shows, offered, answer } = world()
    await recorder.start()
    answer('full')
    await shows(200)
    answer('taken')
    await shows(200)
    await shows(200)
    expect(offered).toEqual(['200', '200'])
  })

  it('says once that a screen has more pixels than is kept', async () => {
    const { recorder, shows, grow, scaled } = world()
    await recorder.start()
    await shows(200)
    expect(scaled).toEqual([])
    grow(16)
    for (const bright of [90, 200, 90]) await shows(bright)
    expect(scaled).toEqual([16])
  })

  it('looks at nothing while it is paused', async () => {
    const { recorder, shows, says, offered } = world()
    await recorder.start()
    await says('paused')
    await shows(200)
    expect(offered).toEqual([])
    await says('on')
    await shows(200)
    expect(offered).toEqual(['200'])
  })

  it('lets the screen go when it is stopped, here or by the system', async () => {
    const { recorder, isOpen, end, shows, offered } = world()
    await recorder.start()
    expect([recorder.isRunning, isOpen()]).toEqual([true, true])
    end()
    expect([recorder.isRunning, isOpen()]).toEqual([false, false])
    await shows(200)
    expect(offered).toEqual([])
  })

  it('says why it does not start', async () => {
    const { recorder, refuse, failures } = world()
    refuse(new ScreenFault('screen-refused'))
    await recorder.start()
    expect(failures).toEqual(['screen-refused'])
    expect(recorder.isRunning).toBe(false)
  })

  it('lets the screen go when the core does not answer, or it is stopped before it began', async () => {
    const { recorder, isOpen, setPace, failures } = world()
    setPace(() => Promise.reject(Object.assign(new Error('gone'), { code: 'disconnected', advice: '', params: {} })))
    await recorder.start()
    expect([isOpen(), failures]).toEqual([false, ['disconnected']])
    const answer = Promise.withResolvers<{ everySeconds: number }>()
    setPace(() => answer.promise)
    const starting = recorder.start()
    recorder.stop()
    answer.resolve({ everySeconds: 5 })
    await starting
    expect([isOpen(), recorder.isRunning]).toEqual([false, false])
  })

  it('sends no frame while the system does not tell what windows there are, and says so when it goes on', async () => {
    const { recorder, shows, tell, offered, failures } = world()
    await recorder.start()
    tell(null)
    await shows(200)
    await shows(200)
    expect([offered, failures]).toEqual([[], []])
    tell(['Lecture'])
    await shows(200)
    expect(offered).toEqual(['200'])
    tell(null)
    for (const bright of [90, 90, 90]) await shows(bright)
    expect([offered, failures, recorder.isRunning]).toEqual([['200'], ['windows-untold'], false])
  })

  it('goes on where nobody tells what windows there are and nothing is to be left out', async () => {
    const { recorder, shows, tell, leaveOutNothing, offered, failures } = world()
    leaveOutNothing()
    await recorder.start()
    tell(null)
    for (const bright of [200, 90, 200, 90]) await shows(bright)
    expect([offered, failures, recorder.isRunning]).toEqual([['200', '90', '200', '90'], [], true])
  })

  it('a learner who chooses no screen starts nothing, and is told nothing', async () => {
    const { recorder, failures, chooseNone } = world()
    chooseNone()
    await recorder.start()
    expect([recorder.isRunning, failures]).toEqual([false, []])
  })
})
