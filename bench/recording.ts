import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Client } from '../src-core/contract/index.ts'
import { pcm16, readWav, resample } from '../src-core/models/index.ts'
import { allRead, openWholeProgram } from '../test/whole-program.ts'
import { bench, rounded } from './harness.ts'

const MINUTES = 60
/** Before it is measured: long enough for one part to become a document, so that what is loaded or grows once has done so. */
const WARM_MINUTES = 22
const RATE = 48_000
/** As the page sends it, in seconds. */
const PIECE = 0.25
/** Of each minute so much is speech; the rest is a quiet room. */
const CLIP = 'jfk.wav'
const MB = 1e6
const SETTLE_MS = 500

/** On a busy machine a statement of the indexer, which is not what is measured, may take long. */
const PATIENT = { LVA_STORE_STATEMENT_TIMEOUT_MS: '120000' }

interface Minute {
  /** Milliseconds of processor time of the core for each minute of sound. */
  cpu: number
  /** Resident size of the core after it, in MB of 10^6 bytes. */
  mb: number
}

/** What is in use after a collection of garbage, on the heap and beside it, in MB; the threads of the database do not count. */
async function liveMb(): Promise<number> {
  // What came last is still held by work that ends just now, and the memory of buffers is counted off beside the collection.
  for (let turn = 0; turn < 2; turn++) {
    await setTimeout(SETTLE_MS)
    collectGarbage()
  }
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / MB
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

await bench({
  name: 'recording',
  about:
    'A long recording through the contract of the whole program, faster than real time: processor time for a minute of sound and size of the core, in the first third and the last; its parts become documents and are transcribed meanwhile. Before it, a shorter one is recorded and read to its end.',
  data: 'speech',
  options: { minutes: `how long it is (${MINUTES})`, warm: `how long the one before it is (${WARM_MINUTES})` },
  async run({ data, options }) {
    const length = Number(options.minutes ?? MINUTES)
    const pieces = await minuteOf(join(data, 'wav', CLIP))
    const program = await openWholeProgram(PATIENT)
    try {
      const { client } = program
      const mbOpened = process.memoryUsage().rss / MB
      await record(client, pieces, Number(options.warm ?? WARM_MINUTES))
      const mbWarm = process.memoryUsage().rss / MB
      const liveWarm = await liveMb()
      const { minutes, seconds, documentIds } = await record(client, pieces, length)
      const mbAfter = process.memoryUsage().rss / MB
      const liveAfter = await liveMb()
      const words = await Promise.all(
        documentIds.map(async (document) => (await client.documents.get({ id: document })).characters),
      )
      const third = Math.max(1, Math.floor(length / 3))
      const [first, last] = [minutes.slice(0, third), minutes.slice(-third)]
      const mean = (of: keyof Minute, values: Minute[]) =>
        values.reduce((sum, value) => sum + value[of], 0) / values.length
      const hours = (length - third) / 60
      const figures = {
        minutes: length,
        kept: rounded(seconds / 60, 2),
        documents: documentIds.length,
        unread: words.filter((characters) => characters === 0).length,
        cpuMsAMinute: Math.round(mean('cpu', minutes)),
        cpuLastOverFirst: rounded(mean('cpu', last) / mean('cpu', first), 3),
        mbOpened: Math.round(mbOpened),
        mbWarm: Math.round(mbWarm),
        mbFirst: Math.round(mean('mb', first)),
        mbLast: Math.round(mean('mb', last)),
        mbMost: Math.round(Math.max(...minutes.map(({ mb }) => mb))),
        mbAfter: Math.round(mbAfter),
        mbAnHour: Math.round((mean('mb', last) - mean('mb', first)) / hours),
        liveMbWarm: rounded(liveWarm, 1),
        liveMbAnHour: rounded(((liveAfter - liveWarm) * 60) / length, 1),
      }
      const row = (part: string, values: Minute[]) => ({
        part,
        'ms of processor a minute': Math.round(mean('cpu', values)),
        MB: Math.round(mean('mb', values)),
      })
      return {
        figures,
        table: [row('first third', first), row('middle', minutes.slice(third, -third)), row('last third', last)],
        targets: [
          { figure: 'cpuLastOverFirst', atMost: 1.25 },
          { figure: 'mbAnHour', atMost: 100 },
          { figure: 'liveMbAnHour', atMost: 10 },
          { figure: 'unread', atMost: 0 },
        ],
      }
    } finally {
      await program.close()
    }
  },
})

/** Records so many minutes and waits until all of it is read. */
async function record(client: Client, pieces: readonly Uint8Array<ArrayBuffer>[], length: number) {
  const { id } = await client.longRecordings.start({ sampleRate: RATE })
  const minutes: Minute[] = []
  let seconds = 0
  for (let minute = 0; minute < length; minute++) {
    const begun = process.cpuUsage()
    for (const pcm of pieces) ({ seconds } = await client.longRecordings.push({ id, pcm: new Blob([pcm]) }))
    const { user, system } = process.cpuUsage(begun)
    minutes.push({ cpu: (user + system) / 1_000, mb: process.memoryUsage().rss / MB })
  }
  const { documentIds } = await client.longRecordings.finish({ id })
  await allRead(client)
  return { minutes, seconds, documentIds }
}

/** A minute of a lecture, in the pieces in which it comes. */
async function minuteOf(clip: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const { samples, sampleRate } = readWav(readFileSync(clip), { maxSeconds: 60 })
  const speech = await resample(samples, sampleRate, RATE)
  const minute = new Float32Array(60 * RATE)
  minute.set(speech.subarray(0, minute.length))
  const pcm = pcm16(minute)
  const bytes = RATE * PIECE * 2
  return Array.from({ length: 60 / PIECE }, (_, at) => new Uint8Array(pcm.slice(at * bytes, (at + 1) * bytes)))
}
