import { LongRecordings } from '../src-core/capture/index.ts'
import { idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'

/**
 * The child of recording-crash.test.ts: records a ramp, a quarter of a second at a time, as the page sends it, and says on standard output how
 * many seconds each piece brought it to, until it is killed.
 */
const [folder = ''] = process.argv.slice(2)
const RATE = 16_000
const PIECE = RATE / 4

const recordings = new LongRecordings({
  folder,
  addDocument: async () => 'never',
  fileMb: 50,
  clock: systemClock,
  newId: idMaker(systemClock, systemRandom),
  log: silentLog,
})
const id = await recordings.start(RATE)
for (let count = 0; ; count++) {
  const pcm = Int16Array.from({ length: PIECE }, (_, at) => (count * PIECE + at) % 30_000)
  const seconds = await recordings.push(id, new Uint8Array(pcm.buffer))
  process.stdout.write(`${seconds}\n`)
}
