import { describe, expect, test } from 'vitest'
import type { Capture, Client, TurnEvent } from '../../src-core/contract/index.ts'
import { Conversation } from './conversation.ts'

const capture = (id: string, answer: string | null = null): Capture => ({
  id,
  sessionId: 's',
  createdAt: '2026-01-01T10:00:00.000Z',
  editedAt: null,
  source: 'text',
  userText: 'What is attention?',
  answer:
    answer === null
      ? null
      : {
          text: answer,
          provider: 'offline',
          model: 'tutor',
          inputTokens: 0,
          outputTokens: 0,
          costUsd: 0,
          citations: [],
          agentsUsed: [],
          ending: 'complete',
          createdAt: '2026-01-01T10:00:01.000Z',
        },
  audioSha256: null,
  metadata: {},
})
const started: TurnEvent = { type: 'started', capture: capture('c') }
const memory: TurnEvent = { type: 'memory', citations: [], provider: 'offline', model: 'tutor' }
const delta = (text: string): TurnEvent => ({ type: 'delta', text })
const done: TurnEvent = { type: 'done', capture: capture('c', 'A sum.') }
const fault = (code: string) => Object.assign(new Error(code), { code, advice: '', params: {} })
const ask = { sessionId: null, text: 'What is attention?', source: 'text', audioSha256: null } as const

/** Each call of send or retry takes the next script. */
function setUp(...scripts: ((signal: AbortSignal) => AsyncGenerator<TurnEvent>)[]) {
  const asked: unknown[] = []
  const ended: string[] = []
  const heard: string[] = []
  let timers: (() => void)[] = []
  const play = async (input: unknown, options?: { signal?: AbortSignal }) => {
    asked.push(input)
    return (scripts.shift() as (typeof scripts)[number])(options?.signal as AbortSignal)
  }
  const conversation = new Conversation({
    turns: { send: play, retry: play } as unknown as Client['turns'],
    pictures: {
      add: async ({ picture }: { picture: Blob }) => ({ sha256: `hash of ${picture.size}` }),
    } as unknown as Client['pictures'],
    now: () => '2026-01-01T09:59:59.000Z',
    after(_ms, act) {
      timers.push(act)
      return () => {
        timers = timers.filter((timer) => timer !== act)
      }
    },
    onEvent: ({ type }) => heard.push(type),
    onEnd: (turn) => ended.push(turn.phase),
  })
  const phases: (string | undefined)[] = []
  conversation.subscribe(() => {
    if (phases.at(-1) !== conversation.turn?.phase) phases.push(conversation.turn?.phase)
  })
  /** The first moment of the turn goes by. */
  const passMoment = () => {
    for (const act of timers) act()
  }
  return { conversation, asked, ended, heard, phases, passMoment, open: () => timers.length }
}

/** Resolves when the signal aborts. */
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))

describe('Conversation', () => {
  test('keeps the pictures when they are sent, and names them with the words', async () => {
    const { conversation, asked, ended } = setUp(async function* () {
      yield started
      yield done
    })
    const pictures = [{ key: 'a', blob: new Blob(['xyz']) }]
    conversation.send({ ...ask, pictures })
    expect(conversation.turn).toMatchObject({ phase: 'sent', pictures })
    await expect.poll(() => ended).toEqual(['done'])
    expect(asked).toEqual([{ ...ask, pictures: ['hash of 3'] }])
  })

  test('shows what was said before anything has answered', () => {
    const { conversation } = setUp(async function* () {})
    conversation.send(ask)
    expect(conversation.turn).toMatchObject({ phase: 'sent', text: 'What is attention?', capture: null })
  })

  test('draws at once what was sent, and what goes by in the first moment together with the first word', async () => {
    const { conversation, ended, heard, phases, open } = setUp(async function* () {
      yield started
      yield memory
      yield delta('A ')
      yield delta('sum')
      yield done
    })
    conversation.send(ask)
    let isCalm = false
    void conversation.untilShown().then(() => {
      isCalm = true
    })
    await Promise.resolve()
    expect(isCalm).toBe(false)
    await expect.poll(() => ended).toEqual(['done'])
    expect(phases).toEqual(['sent', 'answering', 'done'])
    expect(heard).toEqual(['started', 'memory', 'delta', 'delta', 'done'])
    expect(conversation.turn).toMatchObject({ answer: 'A sum.', sessionId: 's', provider: 'offline' })
    expect([isCalm, open()]).toEqual([true, 0])
  })

  test('a wait that can be noticed says for what', async () => {
    const { promise: read, resolve: goOn } = Promise.withResolvers<void>()
    const { conversation, ended, heard, phases, passMoment } = setUp(async function* () {
      yield started
      await read
      yield memory
      yield delta('A sum')
      yield done
    })
    conversation.send(ask)
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(heard).toEqual([])
    passMoment()
    expect([heard, phases]).toEqual([['started'], ['sent', 'stored']])
    await conversation.untilShown()
    goOn()
    await expect.poll(() => ended).toEqual(['done'])
    expect(phases).toEqual(['sent', 'stored', 'thinking', 'answering', 'done'])
  })

  test('stopping in the first moment leaves nothing out of what is stored already', async () => {
    const { conversation, ended } = setUp(async function* (signal) {
      yield started
      await aborted(signal)
    })
    conversation.send(ask)
    await new Promise((resolve) => setTimeout(resolve, 1))
    conversation.stop()
    await conversation.untilShown()
    expect(conversation.turn).toMatchObject({ phase: 'stopped', capture: { id: 'c' } })
    expect(ended).toEqual(['stopped'])
  })

  test('stopping keeps what came so far and takes nothing more', async () => {
    const { conversation, ended } = setUp(async function* (signal) {
      yield started
      yield delta('A su')
      await aborted(signal)
      yield delta('never')
    })
    conversation.send(ask)
    await expect.poll(() => conversation.turn?.answer).toBe('A su')
    conversation.stop()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(conversation.turn).toMatchObject({ phase: 'stopped', answer: 'A su' })
    expect(ended).toEqual(['stopped'])
  })

  test('a failure stays beside what was said, and asking again may name the offline tutor', async () => {
    const { conversation, asked } = setUp(
      async function* () {
        yield started
        throw fault('provider-rate-limited')
      },
      async function* () {
        yield memory
        yield done
      },
    )
    conversation.send(ask)
    await expect.poll(() => conversation.turn?.phase).toBe('failed')
    expect(conversation.turn).toMatchObject({ failure: { code: 'provider-rate-limited' }, text: 'What is attention?' })
    conversation.retry(conversation.turn?.capture as Capture, 'offline')
    expect(conversation.turn).toMatchObject({ phase: 'stored', failure: null })
    await expect.poll(() => conversation.turn?.phase).toBe('done')
    expect(asked[1]).toEqual({ id: 'c', provider: 'offline' })
  })

  test('a new turn stops the one before, whose late words go nowhere', async () => {
    const { conversation, ended } = setUp(
      async function* (signal) {
        yield started
        yield delta('early')
        await aborted(signal)
        yield delta('late')
      },
      async function* () {
        yield started
        yield delta('new')
        yield done
      },
    )
    conversation.send(ask)
    await expect.poll(() => conversation.turn?.answer).toBe('early')
    conversation.send({ ...ask, text: 'And softmax?' })
    await expect.poll(() => ended).toEqual(['stopped', 'done'])
    expect(conversation.turn).toMatchObject({ text: 'And softmax?', answer: 'A sum.' })
  })
})
