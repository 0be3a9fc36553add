import { setFlagsFromString } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { runSeed } from './run-seed.ts'
import { openChaosDatabase } from './world.ts'

/** A thread that tells one story after the other, each in an empty world. It is sent seeds, and answers each with how it went wrong, or null. */
const port = parentPort
if (!port) throw new Error('this file is the entry of a worker thread')

// Half of a story is Postgres, which calls most of itself by pointers.
setFlagsFromString('--wasm-inlining-call-indirect')
const world = await openChaosDatabase()
port.on('message', async (seed: number | null) => {
  if (seed === null) {
    await world.close()
    port.close()
    return
  }
  await world.clean()
  const failure = await runSeed(seed, world.database).then(
    () => null,
    (error) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
  port.postMessage(failure)
})
port.postMessage('ready')
