import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Clock, type ErrorCode, isLvaError, ManualClock, systemClock } from '../../src-core/kernel/index.ts'
import type {
  LanguageEvent,
  LanguageMessage,
  LanguageRequest,
  ProviderModel,
  SilenceLimits,
} from '../../src-core/models/index.ts'
import { collect, failureOf } from '../scripted-provider/fake-model.ts'
import { wireOf } from '../scripted-provider/server.ts'
import { type RecordedRequest, type ScriptedProvider, startScriptedProvider } from '../scripted-provider.ts'

/** How the suite gets a model of one implementation. */
export interface LanguageModelSubject {
  make(options: SubjectOptions): ProviderModel
  /** False for a model that calls nobody: then only the first half of the suite applies. */
  isRemote: boolean
  /** True where the server is told a key; the canary must then never come back. */
  hasKey?: boolean
  /** Route of an answer, such as `/v1/messages`. */
  route?: string
}

export interface SubjectOptions {
  /** Address of the scripted provider, without a path. */
  url: string
  apiKey: string
  /** Names the scenario. */
  model: string
  limits: SilenceLimits
  clock: Clock
}

/** Stands in for a key; no error, event or log may hold it. */
const CANARY = 'sk-canary-Zq3vJ8wP1xLk'

const LIMITS: SilenceLimits = { firstTokenMs: 20_000, idleMs: 15_000 }

const SYSTEM = 'You are a tutor.\n[1] Attention weighs tokens.\n[2] Softmax makes weights.'

function request(fields: Partial<LanguageRequest> = {}): LanguageRequest {
  const from = 'said' as const
  const passages = [
    { number: 1, captureId: 'a', from, text: 'Attention weighs tokens.', when: '2026-01-01T10:00:00Z', score: 0.9 },
    { number: 2, captureId: 'b', from, text: 'Softmax makes weights.', when: '2026-01-02T10:00:00Z', score: 0.8 },
  ]
  return {
    system: SYSTEM,
    messages: [{ role: 'user', text: 'What does attention do?' }],
    passages,
    maxOutputTokens: 600,
    ...fields,
  }
}

/** What each scripted fault must become, the same for every provider. */
const FAULTS: [scenario: string, code: ErrorCode, passing: boolean][] = [
  ['unauthorized', 'provider-key-refused', false],
  ['forbidden', 'provider-key-refused', false],
  ['unknown-model', 'provider-model-unknown', false],
  ['bad-request', 'provider-refused', false],
  ['too-long', 'provider-refused', false],
  ['no-credit', 'provider-refused', false],
  ['rate-limited', 'provider-rate-limited', true],
  ['rate-limited-date', 'provider-rate-limited', true],
  ['overloaded', 'provider-unavailable', true],
  ['error', 'provider-unavailable', true],
  ['reset', 'network-down', true],
  ['stream-error-early', 'provider-unavailable', true],
  ['html', 'provider-not-understood', false],
  ['html-404', 'provider-not-understood', false],
  ['redirect', 'provider-not-understood', false],
  ['malformed-early', 'provider-not-understood', false],
]

const SEARCH = {
  name: 'memory_search',
  description: 'Looks for something in memory.',
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
}
const NOTE = { ...SEARCH, name: 'create_note', description: 'Makes a note.' }

/** One pixel. */
const PICTURE = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)

/** Faults after some text: the answer is cut, whatever cut it. */
const CUTS = ['cut', 'cut-quietly', 'stream-error', 'malformed']

/** Says what every `LanguageModel` must do. Remote ones run their real SDK against the scripted provider. */
export function languageModelSuite(name: string, subject: LanguageModelSubject): void {
  describe(`language model: ${name}`, () => {
    let server: ScriptedProvider
    beforeAll(async () => {
      server = await startScriptedProvider({ slowMs: 200 })
    })
    afterEach(() => server.reset())
    afterAll(() => server.close())

    const model = (scenario: string, options: Partial<SubjectOptions> = {}) =>
      subject.make({
        url: server.url,
        apiKey: CANARY,
        model: `scripted-${scenario}`,
        limits: LIMITS,
        clock: systemClock,
        ...options,
      })

    describe('answers', () => {
      it('streams small pieces and ends once, with usage, model and reason', async () => {
        const { events, text, end } = await collect(model('ok').stream(request()))
        const deltas = events.filter((event) => event.type === 'delta')
        expect(deltas.length).toBeGreaterThan(3)
        expect(deltas.every((event) => event.text !== '')).toBe(true)
        expect(text).toContain('[1]')
        expect(events.filter((event) => event.type === 'end')).toEqual([end])
        expect(end?.stopReason).toBe('end')
        expect(end?.model).not.toBe('')
        expect(end?.usage.inputTokens).toBeGreaterThanOrEqual(0)
        expect(end?.usage.outputTokens).toBeGreaterThanOrEqual(0)
      })

      it('keeps answers that run at the same time apart', async () => {
        const one = model('ok')
        const ask = (text: string) => collect(one.stream(request({ messages: [{ role: 'user', text }] })))
        const [first, second] = await Promise.all([
          ask('Does attention weigh tokens?'),
          ask('Does softmax make weights?'),
        ])
        expect(first.text).toContain('ttention')
        expect(second.text).toContain('oftmax')
        expect(first.end && second.end).toBeTruthy()
      })

      it('answers although it is offered tools and shown a picture', async () => {
        const messages = [
          {
            role: 'user' as const,
            text: 'What is this?',
            pictures: [{ mediaType: 'image/png' as const, bytes: PICTURE }],
          },
        ]
        expect((await collect(model('ok').stream(request({ messages, tools: [SEARCH] })))).text).not.toBe('')
      })

      it('takes histories and texts that are odd', async () => {
        const odd = request({
          messages: [
            { role: 'assistant', text: 'left over from a history that was cut' },
            { role: 'user', text: '   ' },
            { role: 'user', text: 'half a pair: \ud83d' },
            { role: 'user', text: `What does attention do? ${'x'.repeat(200_000)}` },
          ],
        })
        expect((await collect(model('ok').stream(odd))).text).not.toBe('')
      })

      it('stops at the limit of tokens and says so', async () => {
        const { end } = await collect(model('length').stream(request({ maxOutputTokens: 5 })))
        expect(end?.stopReason).toBe('length')
      })

      it('checks without error what is set up rightly', async () => {
        await model('ok').check()
      })
    })

    describe('cancels', () => {
      it('before it began', async () => {
        const signal = AbortSignal.abort()
        const failure = await failureOf(collect(model('ok').stream(request({ signal }))))
        expect(isLvaError(failure, 'cancelled')).toBe(true)
        expect(isLvaError(await failureOf(model('ok').check(signal)), 'cancelled')).toBe(true)
        expect(server.requests).toHaveLength(0)
      })

      it('in the middle, and lets a reader simply stop', async () => {
        const stop = new AbortController()
        const events: LanguageEvent[] = []
        const reading = (async () => {
          for await (const event of model('ok').stream(request({ signal: stop.signal }))) {
            events.push(event)
            if (events.length === 2) stop.abort()
          }
        })()
        expect(isLvaError(await failureOf(reading), 'cancelled')).toBe(true)
        expect(events).toHaveLength(2)
        for await (const event of model('ok').stream(request())) {
          expect(event.type).toBe('delta')
          break
        }
      })
    })

    if (!subject.isRemote) return

    const arrived = (fits: (request: RecordedRequest) => boolean = () => true) =>
      server.waitFor((seen) => seen.path === subject.route && fits(seen))

    describe('speaks the protocol', () => {
      it('sends system text, turns and key, and reports what the provider counted', async () => {
        const messages = [
          { role: 'user' as const, text: 'I read about attention.' },
          { role: 'assistant' as const, text: 'What struck you?' },
          { role: 'user' as const, text: 'That it is only a weighted sum.' },
        ]
        const { text, end } = await collect(model('ok').stream(request({ messages })))
        const seen = await arrived()
        const sent = JSON.stringify(seen.body)
        expect(sent).toContain('You are a tutor.')
        for (const message of messages) expect(sent).toContain(message.text)
        expect(seen.apiKey).toBe(subject.hasKey ? CANARY : '')
        expect(text).toContain('I saw passages 1, 2.')
        expect(end?.model).toBe('scripted-ok')
        expect(end?.usage.outputTokens).toBe(text.split(/\s+/).length)
        const length = SYSTEM.length + messages.reduce((sum, { text: said }) => sum + said.length + 1, 0)
        expect(end?.usage.inputTokens).toBe(Math.ceil(length / 4))
      })

      it('reads every character whole, however the bytes are cut', async () => {
        const { text } = await collect(model('unicode').stream(request()))
        expect(text).toBe('Grüße, 学习 и обучение, 👩🏽‍🎓 – naïve “quotes” [1].')
      })

      it('passes a refusal on as one', async () => {
        const { text, end } = await collect(model('refusal').stream(request()))
        expect(text).toBe('I cannot help with that.')
        expect(end?.stopReason).toBe('refusal')
      })

      it('stops a provider that does not keep to the limit', async () => {
        const { text, end } = await collect(model('huge').stream(request({ maxOutputTokens: 1_000 })))
        expect(text).toHaveLength(16_000)
        expect(end?.stopReason).toBe('length')
        await arrived((seen) => seen.state === 'aborted')
      })

      it('waits for a slow first word', async () => {
        expect((await collect(model('slow').stream(request()))).text).toContain('[1]')
      })

      it('ends when the answer is complete, though the connection stays open', async () => {
        const clock = new ManualClock()
        const events = model('never-closing', { clock }).stream(request())[Symbol.asyncIterator]()
        let text = ''
        while (!text.endsWith('know next?')) {
          const { value } = await events.next()
          text += value?.type === 'delta' ? value.text : ''
        }
        const last = events.next()
        // Time passes only now: as long as the reason of the ending has not arrived, this is the wait between two words.
        for (let waited = 0; waited < LIMITS.idleMs && !(await settledWithin(last, 20)); waited += 500)
          clock.advance(500)
        expect((await last).value).toMatchObject({ type: 'end', stopReason: 'end' })
        await arrived((seen) => seen.state === 'aborted')
      })
    })

    describe('asks for tools', () => {
      const ask = (scenario: string, fields: Partial<LanguageRequest> = {}) =>
        collect(
          model(scenario).stream(
            request({
              messages: [{ role: 'user', text: 'Search my memory for cells' }],
              tools: [SEARCH, NOTE],
              ...fields,
            }),
          ),
        )
      const callsIn = (events: readonly LanguageEvent[]) =>
        events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []))

      it('says what it wants after its words, whole, and ends with that reason', async () => {
        const { events, text, end } = await ask('tools')
        expect(text).toBe('Let me look.')
        expect(callsIn(events)).toMatchObject([{ name: 'memory_search', input: { query: 'cells' } }])
        expect(events.slice(-2).map(({ type }) => type)).toEqual(['tool-call', 'end'])
        expect(end?.stopReason).toBe('tools')
        const sent = JSON.stringify((await arrived()).body)
        for (const tool of [SEARCH, NOTE]) {
          expect(sent).toContain(tool.description)
          expect(sent).toContain(JSON.stringify(tool.parameters.properties))
        }
      })

      it('reads the results, with its own thoughts given back as they were', async () => {
        const first = await ask('tools')
        const calls = callsIn(first.events)
        const messages: LanguageMessage[] = [
          { role: 'user', text: 'Search my memory for cells' },
          { role: 'assistant', text: first.text, toolCalls: calls, carried: first.end?.carried },
          {
            role: 'user',
            text: '',
            toolResults: calls.map(({ id }) => ({ callId: id, text: 'found: mitochondria', isError: false })),
          },
        ]
        const { text, end } = await ask('tools', { messages })
        expect(text).toBe('The tools say: found: mitochondria')
        expect(end?.stopReason).toBe('end')
        expect(end?.carried).toBeUndefined()
      })

      it('asks for several at once', async () => {
        const calls = callsIn((await ask('tools-parallel')).events)
        expect(calls.map(({ name }) => name)).toEqual(['memory_search', 'create_note'])
        expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
      })

      it('answers when it must, though calls stand in the history, and is believed no call that it was not offered', async () => {
        const first = await ask('tools-loop')
        const calls = callsIn(first.events)
        const messages: LanguageMessage[] = [
          { role: 'user', text: 'Search my memory for cells' },
          { role: 'assistant', text: first.text, toolCalls: calls, carried: first.end?.carried },
          {
            role: 'user',
            text: '',
            toolResults: calls.map(({ id }) => ({ callId: id, text: 'none', isError: false })),
          },
        ]
        const { text, events, end } = await ask('tools-loop', { messages, toolChoice: 'none' })
        expect(text).toBe('The tools say: none')
        expect(callsIn(events)).toEqual([])
        expect(end?.stopReason).toBe('end')
        const unasked = await ask('tools-unasked', { tools: [] })
        expect(callsIn(unasked.events)).toEqual([])
        expect(unasked.end?.stopReason).toBe('end')
      })

      it('gives calls of later rounds ids of their own', async () => {
        const first = callsIn((await ask('tools-no-ids')).events)
        const messages: LanguageMessage[] = [
          { role: 'user', text: 'Search my memory for cells' },
          { role: 'assistant', text: '', toolCalls: first },
          { role: 'user', text: '', toolResults: first.map(({ id }) => ({ callId: id, text: '', isError: false })) },
          { role: 'user', text: 'And once more' },
        ]
        const [again] = callsIn((await ask('tools-no-ids', { messages })).events)
        expect(again?.id).not.toBe(first[0]?.id)
      })

      it('gives an input that is no JSON as undefined, and each call an id', async () => {
        expect(callsIn((await ask('tools-malformed')).events)).toMatchObject([
          { name: 'memory_search', input: undefined },
        ])
        expect(callsIn((await ask('tools-no-ids')).events)[0]?.id).toMatch(/./)
      })

      it('wants nothing of an answer that the limit cut, however long its wish is', async () => {
        const { events, end } = await ask('tools-huge', { maxOutputTokens: 100 })
        expect(callsIn(events)).toEqual([])
        expect(end?.stopReason).toBe('length')
      })

      it('may be asked again when its wish was cut: nothing of it was heard', async () => {
        const used: { outputTokens: number }[] = []
        const failure = await failureOf(
          collect(model('tools-cut').stream(request({ tools: [SEARCH] }), (tokens) => used.push(tokens))),
        )
        expect(failure).toMatchObject({ isPassing: true })
        expect(used[0]?.outputTokens).toBeGreaterThan(0)
      })

      it('leaves out calls without results and results without calls', async () => {
        const messages: LanguageMessage[] = [
          { role: 'user', text: 'One', toolResults: [{ callId: 'lost', text: 'lost result', isError: false }] },
          { role: 'assistant', text: 'Two', toolCalls: [{ id: 'open', name: 'memory_search', input: {} }] },
          { role: 'user', text: 'Three' },
        ]
        await ask('ok', { messages })
        const sent = JSON.stringify((await arrived()).body)
        expect(sent).not.toContain('lost')
        expect(sent).not.toContain('"open"')
      })

      it('is sent a picture as its own kind of block, before the words', async () => {
        const messages: LanguageMessage[] = [
          { role: 'user', text: 'What is this?', pictures: [{ mediaType: 'image/png', bytes: PICTURE }] },
        ]
        await ask('ok', { messages })
        expect(wireOf(subject.route)?.readPictures((await arrived()).body)).toEqual([
          { mediaType: 'image/png', bytes: PICTURE.length },
        ])
      })

      it('counts tools, results and pictures as sent', () => {
        const most = (fields: Partial<LanguageRequest>) => model('ok').mostTokens(request(fields)).inputTokens
        const plain = most({})
        expect(most({ tools: [SEARCH] })).toBeGreaterThan(plain + 20)
        const pictures = [{ mediaType: 'image/png' as const, bytes: PICTURE }]
        expect(most({ messages: [{ role: 'user', text: 'x', pictures }] })).toBeGreaterThan(plain + 3_000)
      })
    })

    describe('closes the connection', () => {
      it.each(['silence', 'headers-only', 'stall'])('when it is cancelled during: %s', async (scenario) => {
        const stop = new AbortController()
        const reading = failureOf(collect(model(scenario).stream(request({ signal: stop.signal }))))
        await arrived()
        stop.abort()
        expect(isLvaError(await reading, 'cancelled')).toBe(true)
        await arrived((seen) => seen.state === 'aborted')
      })

      it('when the reader stops early', async () => {
        for await (const _event of model('stall').stream(request())) break
        await arrived((seen) => seen.state === 'aborted')
      })
    })

    describe('gives up on silence', () => {
      it.each(['silence', 'headers-only'])('before the first word: %s', async (scenario) => {
        const clock = new ManualClock()
        const reading = failureOf(collect(model(scenario, { clock }).stream(request())))
        await arrived()
        clock.advance(LIMITS.firstTokenMs - 1)
        expect(await settledWithin(reading, 30)).toBe(false)
        clock.advance(1)
        const failure = await reading
        expect(isLvaError(failure, 'timeout') && failure.params.seconds).toBe(20)
        await arrived((seen) => seen.state === 'aborted')
      })

      it('between two words', async () => {
        const clock = new ManualClock()
        const events = model('stall', { clock }).stream(request())[Symbol.asyncIterator]()
        for (let count = 0; count < 3; count += 1) expect((await events.next()).value?.type).toBe('delta')
        const next = failureOf(events.next())
        clock.advance(LIMITS.idleMs)
        expect(isLvaError(await next, 'timeout')).toBe(true)
        await arrived((seen) => seen.state === 'aborted')
      })

      it('when it checks', async () => {
        const clock = new ManualClock()
        const checking = failureOf(model('silence', { clock }).check())
        await server.waitFor(() => true)
        clock.advance(LIMITS.firstTokenMs)
        expect(isLvaError(await checking, 'timeout')).toBe(true)
      })
    })

    describe('explains what went wrong', () => {
      it.each(FAULTS)('%s is %s', async (scenario, code, passing) => {
        const clock = new ManualClock()
        const used: unknown[] = []
        const failure = await failureOf(
          collect(model(scenario, { clock }).stream(request(), (tokens) => used.push(tokens))),
        )
        expect(failure).toMatchObject({ code, isPassing: passing })
        expectReadable(failure)
        // A call that the provider refused has cost nothing; one that it began to answer may have.
        const refused = !/early|html$/.test(scenario)
        if (refused) expect(used).toEqual([{ inputTokens: 0, outputTokens: 0 }])
        else expect(used).toHaveLength(1)
      })

      it.each(CUTS)('%s is a cut answer, and what came is kept and counted', async (scenario) => {
        const used: { inputTokens: number; outputTokens: number }[] = []
        const texts: string[] = []
        const failure = await failureOf(
          (async () => {
            const stream = model(scenario).stream(request(), (tokens) => used.push(tokens))
            for await (const event of stream) if (event.type === 'delta') texts.push(event.text)
          })(),
        )
        expect(isLvaError(failure, 'provider-stream-cut')).toBe(true)
        expectReadable(failure)
        expect(texts.join('')).toBe('You said: What')
        expect(used).toHaveLength(1)
        expect(used[0]?.inputTokens).toBeGreaterThan(0)
        expect(used[0]?.outputTokens).toBeGreaterThanOrEqual(3)
      })

      it('a connection that breaks before the first word may be tried again', async () => {
        const failure = await failureOf(collect(model('cut-early').stream(request())))
        expect(failure).toMatchObject({ isPassing: true })
        expect(['provider-stream-cut', 'network-down']).toContain(isLvaError(failure) ? failure.code : '')
      })

      it('reads how long to wait, in seconds and as a date', async () => {
        const clock = new ManualClock(Date.UTC(2026, 0, 1))
        const inSeconds = await failureOf(collect(model('rate-limited', { clock }).stream(request())))
        expect(inSeconds).toMatchObject({ retryAfterMs: 2_000, params: { seconds: 2 } })
        const asDate = await failureOf(collect(model('rate-limited-date', { clock }).stream(request())))
        expect(asDate).toMatchObject({ retryAfterMs: 3_000 })
      })

      it('names the reason of a refusal but not what the learner said', async () => {
        const secretive = [{ role: 'user' as const, text: 'my private thought 4711' }]
        const failure = await failureOf(collect(model('bad-request').stream(request({ messages: secretive }))))
        expect(inspect(failure, { depth: 10 })).not.toContain('4711')
        expect(isLvaError(failure) && failure.params.reason).toMatch(/^[a-z_]+$/)
      })

      it('says that nobody answers at an address', async () => {
        const closed = await startScriptedProvider()
        await closed.close()
        const failure = await failureOf(collect(model('ok', { url: closed.url }).stream(request())))
        expect(failure).toMatchObject({ code: 'network-down', isPassing: true, params: { reason: 'ECONNREFUSED' } })
      })

      it('says that a name does not exist', async () => {
        const url = 'http://no-such-host.invalid'
        const failure = await failureOf(collect(model('ok', { url }).stream(request())))
        expect(isLvaError(failure, 'network-down')).toBe(true)
      })

      it('finds the same faults when it checks', async () => {
        const codes: Record<string, ErrorCode> = {
          unauthorized: 'provider-key-refused',
          'unknown-model': 'provider-model-unknown',
          'rate-limited': 'provider-rate-limited',
          error: 'provider-unavailable',
          html: 'provider-not-understood',
        }
        for (const [scenario, code] of Object.entries(codes)) {
          expect(isLvaError(await failureOf(model(scenario).check()), code), scenario).toBe(true)
        }
      })

      it('does not follow a redirect, which would carry key and text elsewhere', async () => {
        await failureOf(collect(model('redirect').stream(request())))
        expect(server.requests).toHaveLength(1)
      })
    })

    describe('keeps the key to itself', () => {
      const scenarios = [...FAULTS.map(([scenario]) => scenario), ...CUTS, 'cut-early', 'ok', 'refusal']
      it.each(scenarios)('under %s', async (scenario) => {
        const printed: string[] = []
        const originals = {
          log: console.log,
          warn: console.warn,
          error: console.error,
          info: console.info,
          debug: console.debug,
        }
        const record = (...values: unknown[]) => printed.push(inspect(values, { depth: 10 }))
        Object.assign(console, { log: record, warn: record, error: record, info: record, debug: record })
        try {
          const events: unknown[] = []
          const failure = await (async () => {
            for await (const event of model(scenario).stream(request())) events.push(event)
          })().catch((error: unknown) => error)
          const options = { depth: 20, showHidden: true, maxStringLength: null }
          expect(inspect([failure, events, printed], options)).not.toContain(CANARY)
          expect(inspect(failure, options)).not.toContain('attention')
          expect(printed).toEqual([])
        } finally {
          Object.assign(console, originals)
        }
      })
    })
  })
}

/** A sentence that a learner understands, with what to do next. */
function expectReadable(failure: unknown): void {
  expect(isLvaError(failure)).toBe(true)
  if (!isLvaError(failure)) return
  expect(failure.message).toMatch(/^[A-Z].*\.$/)
  expect(failure.advice).toMatch(/^[A-Z].*\.$/)
  expect(failure.message).not.toMatch(/undefined|null|\[object|Error:/)
  expect(failure.params.provider).toBeDefined()
}

/** Whether a promise settles within so many real milliseconds. */
async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  )
  return Promise.race([settled, systemClock.sleep(ms).then(() => false)])
}
