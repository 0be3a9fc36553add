import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pcm16, readWav, resample } from '../src-core/models/index.ts'
import { allRead, openWholeProgram } from '../test/whole-program.ts'
import { bench, rounded } from './harness.ts'

const MINUTES = 60
const RATE = 48_000
/** As the page sends it, in seconds. */
const PIECE = 0.25
/** Of each minute so much is speech; the rest is a quiet room. */
const CLIP = 'jfk.wav'
const MB = 1e6

interface Minute {
  /** Milliseconds of processor time of the core for each minute of sound. */
  cpu: number
  /** Resident size of the core after it, in MB of 10^6 bytes. */
  mb: number
}

await bench({
  name: 'recording',
  about:
    'A long recording through the contract of the whole program, faster than real time: processor time for a minute of sound and size of the core, in the first third and the last; its parts become documents and are transcribed meanwhile.',
  data: 'speech',
  options: { minutes: `how long it is (${MINUTES})` },
  async run({ data, options }) {
    const length = Number(options.minutes ?? MINUTES)
    const pieces = await minuteOf(join(data, 'wav', CLIP))
    const program = await openWholeProgram({})
    try {
      const { client } = program
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
        mbFirst: Math.round(mean('mb', first)),
        mbLast: Math.round(mean('mb', last)),
        mbAnHour: Math.round((mean('mb', last) - mean('mb', first)) / hours),
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
          { figure: 'unread', atMost: 0 },
        ],
      }
    } finally {
      await program.close()
    }
  },
})

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
