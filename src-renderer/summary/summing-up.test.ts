import { describe, expect, test } from 'vitest'
import type { Citation, Client, Summary, SummaryEvent } from '../../src-core/contract/index.ts'
import { SummingUp } from './summing-up.ts'

const citation: Citation = {
  ...{ number: 1, captureId: 'c', kind: 'capture', field: 'userText', start: 0, end: 5 },
  ...{ text: 'Basalt', when: '2026-01-01T10:00:00.000Z' },
}
const summary: Summary = {
  ...{
    text: 'Basalt is cooled lava [1].',
    citations: [citation],
    provider: 'anthropic',
    model: 'm',
    ending: 'complete',
  },
  ...{ inputTokens: 10, outputTokens: 5, costUsd: 0.01, followUps: ['Where?'], cards: ['card'] },
}
const memory: SummaryEvent = { type: 'memory', citations: [citation], provider: 'anthropic', model: 'm' }
const delta = (text: string): SummaryEvent => ({ type: 'delta', text })
const done: SummaryEvent = { type: 'done', summary }
const fault = (code: string) => Object.assign(new Error(code), { code, advice: '', params: {} })
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))

/** Each call takes the next script. */
function setUp(...scripts: ((signal: AbortSignal) => AsyncGenerator<SummaryEvent>)[]) {
  const asked: unknown[] = []
  const seen: string[] = []
  let ends = 0
  const summing = new SummingUp({
    summaries: {
      make: async (input: unknown, options?: { signal?: AbortSignal }) => {
        asked.push(input)
        return (scripts.shift() as (typeof scripts)[number])(options?.signal as AbortSignal)
      },
    } as unknown as Client['summaries'],
    onEnd: () => {
      ends += 1
    },
  })
  summing.subscribe(() => {
    const { phase, text } = summing.present ?? {}
    seen.push(`${phase}: ${text}`)
  })
  return { summing, asked, seen, ends: () => ends }
}

describe('summing up', () => {
  test('is on the screen at once, then its places, then its words, then the whole as it was checked', async () => {
    const { summing, asked, seen, ends } = setUp(async function* () {
      yield memory
      yield delta('Basalt ')
      yield delta('is lava [1].')
      yield done
    })
    summing.make({ session: 's' })
    expect(summing.present).toMatchObject({ of: { session: 's' }, phase: 'gathering', text: '' })
    await expect.poll(ends).toBe(1)
    expect(asked).toEqual([{ of: { session: 's' } }])
    expect(seen).toEqual([
      'gathering: ',
      'writing: ',
      'writing: Basalt ',
      'writing: Basalt is lava [1].',
      'writing: Basalt is cooled lava [1].',
      'done: Basalt is cooled lava [1].',
    ])
    expect(summing.present).toMatchObject({ summary, citations: [citation], failure: null })
  })

  test('stops at once and for good, and keeps the words so far with their places', async () => {
    let wasTold = false
    const { summing, ends } = setUp(async function* (signal) {
      yield memory
      yield delta('Basalt ')
      await aborted(signal)
      wasTold = true
      yield done
    })
    summing.make({ day: '2026-01-01' })
    await expect.poll(() => summing.present?.text).toBe('Basalt ')
    summing.stop()
    expect(summing.present).toMatchObject({ phase: 'stopped', text: 'Basalt ', citations: [citation], summary: null })
    await expect.poll(() => wasTold).toBe(true)
    summing.stop()
    expect(ends()).toBe(1)
    expect(summing.present?.phase).toBe('stopped')
  })

  test('says what failed, and can be tried again with somebody else', async () => {
    const { summing, asked } = setUp(
      // biome-ignore lint/correctness/useYield: it fails before it says anything
      async function* () {
        throw fault('rate-limited')
      },
      async function* () {
        yield memory
        yield done
      },
    )
    summing.make({ session: 's' })
    await expect.poll(() => summing.present?.failure?.code).toBe('rate-limited')
    expect(summing.present?.phase).toBe('failed')
    summing.make({ session: 's' }, 'offline')
    expect(summing.present).toMatchObject({ phase: 'gathering', failure: null })
    await expect.poll(() => summing.present?.phase).toBe('done')
    expect(asked[1]).toEqual({ of: { session: 's' }, provider: 'offline' })
  })

  test('makes one at a time: another one stops that before, whose late words do not count', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { summing, ends } = setUp(
      async function* () {
        yield memory
        await held
        yield delta('too late')
        yield done
      },
      async function* () {
        yield memory
        yield delta('Of the day.')
        yield { ...done, summary: { ...summary, text: 'Of the day.' } }
      },
    )
    summing.make({ session: 's' })
    await expect.poll(() => summing.present?.phase).toBe('writing')
    summing.make({ day: '2026-01-01' })
    await expect.poll(() => summing.present?.phase).toBe('done')
    release()
    await held
    expect(summing.present).toMatchObject({ of: { day: '2026-01-01' }, text: 'Of the day.' })
    expect(ends()).toBe(2)
  })
})
