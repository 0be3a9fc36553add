import { setFlagsFromString } from 'node:v8'
import { runSeed } from './run-seed.ts'
import { openChaosDatabase } from './world.ts'

/** A process that tells one story after the other, each in an empty world. It is sent seeds, and answers each with how it went wrong, or null. */
if (!process.send) throw new Error('this file is started by `tellStories`')
const answer = process.send.bind(process)

// Half of a story is Postgres, which calls most of itself by pointers.
setFlagsFromString('--wasm-inlining-call-indirect')
const world = await openChaosDatabase()
process.on('message', async (seed: number) => {
  await world.clean()
  const failure = await runSeed(seed, world.database).then(
    () => null,
    (error) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
  answer(failure)
})
// No more seeds, or nobody who asks.
process.once('disconnect', () => void world.close())
answer('ready')
