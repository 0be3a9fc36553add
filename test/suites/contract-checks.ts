import assert from 'node:assert/strict'
import type { AppEvent, Capture, Client, TurnEvent } from '../../src-core/contract/index.ts'
import { isLvaError } from '../../src-core/kernel/index.ts'

/** One thing that must hold for a client of a real core, whichever carrier it rides on. */
export interface ContractCheck {
  name: string
  run(client: Client, host: 'electron' | 'browser' | 'cli'): Promise<void>
}

/** What every carrier must do. Run by vitest over a WebSocket, a local socket and inside one process, by Playwright over Electron's IPC. */
export const CONTRACT_CHECKS: readonly ContractCheck[] = [
  {
    name: 'says what it is',
    async run(client, host) {
      const info = await client.app.info()
      assert.equal(info.host, host)
      assert.match(info.version, /^\d+\.\d+\.\d+/)
    },
  },
  {
    name: 'keeps, edits, deletes and takes back',
    async run(client) {
      const { id } = await client.captures.add({ sessionId: null, text: 'Ohm: U = R I', source: 'text' })
      assert.equal((await client.captures.edit({ id, userText: 'Ohm: U = R · I' })).userText, 'Ohm: U = R · I')
      await client.captures.delete({ ids: [id] })
      await assert.rejects(client.captures.get({ id }), (error) => isLvaError(error, 'not-found'))
      assert.deepEqual(await client.history.undo(), { done: true })
      assert.equal((await client.captures.get({ id })).userText, 'Ohm: U = R · I')
    },
  },
  {
    name: 'hands on the errors of the core with what to do',
    async run(client) {
      const blank = client.captures.add({ sessionId: null, text: ' \n ', source: 'text' })
      await assert.rejects(blank, (error) => isLvaError(error, 'text-empty') && error.advice !== '')
      const odd = client.captures.list({ limit: -1 })
      await assert.rejects(odd, (error) => isLvaError(error, 'bad-input') && error.params.fields === 'limit')
    },
  },
  {
    name: 'streams a turn in order and keeps it',
    async run(client) {
      const events: TurnEvent[] = []
      const turn = { sessionId: null, text: 'What is a p-n junction?', source: 'text' as const }
      for await (const event of await client.turns.send(turn)) events.push(event)
      // Agents run beside one another and are told of whenever one begins or ends.
      const types = events.map(({ type }) => type).filter((type) => type !== 'agent')
      assert.deepEqual([...types.slice(0, 3), types.at(-1)], ['started', 'kind', 'memory', 'done'])
      assert.ok(types.slice(3, -1).every((type) => type === 'delta'))
      assert.ok(events.some((event) => event.type === 'agent' && event.state === 'done'))
      const done = events.at(-1)
      assert.ok(done?.type === 'done')
      // Agents that work on in the background may have added what they found by now.
      const asTold = ({ answer, ...capture }: Capture) => ({
        ...capture,
        answer: answer && { ...answer, analysis: null, agentsUsed: null },
      })
      const kept = await client.captures.get({ id: done.capture.id })
      assert.deepEqual(asTold(kept), asTold(done.capture))
      const told = done.capture.answer?.agentsUsed ?? []
      assert.ok(told.length > 0)
      assert.deepEqual(kept.answer?.agentsUsed.slice(0, told.length), told)
    },
  },
  {
    name: 'goes on after a stream was stopped',
    async run(client) {
      const turn = { sessionId: null, text: 'Stop this answer.', source: 'text' as const }
      for await (const event of await client.turns.send(turn)) if (event.type === 'started') break
      const abort = new AbortController()
      const stream = await client.turns.send(turn, { signal: abort.signal })
      await stream.next()
      abort.abort()
      await assert.rejects(
        async () => {
          for await (const _event of stream);
        },
        (error) => isLvaError(error, 'cancelled'),
      )
      assert.equal((await client.captures.list({ limit: 1 })).items[0]?.userText, turn.text)
    },
  },
  {
    name: 'tells of changes as they happen, until nobody listens',
    async run(client) {
      const abort = new AbortController()
      const events = await client.app.events(undefined, { signal: abort.signal })
      const added = client.captures.add({ sessionId: null, text: 'told', source: 'text' })
      let told: AppEvent | undefined
      for await (const event of events) {
        // What an earlier turn leaves behind in the background is told as well.
        if (event.type === 'vault' && event.captures.includes((await added).id)) {
          told = event
          break
        }
      }
      assert.ok(told)
    },
  },
  {
    name: 'carries sound both ways: speaks, hears, keeps and gives back',
    async run(client) {
      const spoken = await client.speech.speak({ text: 'The mitochondria is the powerhouse of the cell.' })
      assert.equal(spoken.type, 'audio/wav')
      const heard = await client.speech.transcribe({ audio: spoken })
      assert.match(heard.text.toLowerCase(), /powerhouse/)
      assert.ok(heard.audioSha256)
      const kept = await client.speech.recording({ sha256: heard.audioSha256 })
      assert.equal(await kept.slice(0, 4).text(), 'RIFF')
    },
  },
  {
    name: 'records piece by piece',
    async run(client) {
      const wav = await client.speech.speak({ text: 'Energy is conserved.' })
      const sampleRate = new DataView(await wav.arrayBuffer()).getUint32(24, true)
      const pcm = wav.slice(44)
      const { recordingId } = await client.speech.start({ sampleRate })
      const piece = 8_000
      for (let at = 0; at < pcm.size; at += piece)
        await client.speech.push({ recordingId, pcm: pcm.slice(at, at + piece) })
      assert.match((await client.speech.finish({ recordingId })).text.toLowerCase(), /energy/)
    },
  },
  {
    name: 'carries a megabyte of text, every character of it',
    async run(client) {
      const text = `${'Ωμέγα "quoted" \\ 🧠 '.repeat(50_000)}end`
      const { id } = await client.captures.add({ sessionId: null, text, source: 'text' })
      assert.equal((await client.captures.get({ id })).userText, text)
      await client.captures.delete({ ids: [id] })
    },
  },
  {
    name: 'answers many calls at once, each with its own answer',
    async run(client) {
      const titles = Array.from({ length: 40 }, (_, number) => `note ${number}`)
      const notes = await Promise.all(titles.map((title) => client.notes.create({ title, body: '' })))
      assert.deepEqual(
        notes.map(({ title }) => title),
        titles,
      )
    },
  },
  {
    name: 'keeps settings',
    async run(client) {
      await client.settings.set({ theme: 'dark', monthlyBudgetUsd: 3 })
      const { theme, monthlyBudgetUsd } = await client.settings.get()
      assert.deepEqual([theme, monthlyBudgetUsd], ['dark', 3])
      assert.equal((await client.providers.usage()).budgetUsd, 3)
    },
  },
]
