import { Worker } from 'node:worker_threads'
import { LvaError, Mutex } from '../../kernel/index.ts'
import type { Reader, Reading } from './types.ts'

/** Reads on a thread, started at the first text. A thread that dies fails the text at hand, and the next text gets a new one. */
export function threadReader(): Reader {
  const turn = new Mutex()
  let worker: Worker | undefined
  let closed = false
  return {
    read: (text, signal) =>
      turn.run(async () => {
        if (closed || signal?.aborted) throw new LvaError('cancelled', 'Reading for concepts was stopped.')
        worker ??= startWorker()
        const current = worker
        try {
          return await ask(current, text)
        } catch (error) {
          worker = undefined
          await current.terminate()
          throw error
        }
      }),
    async close() {
      closed = true
      await worker?.terminate()
      worker = undefined
    },
  }
}

function startWorker(): Worker {
  // Under its source name beside this file, flat and bundled in a build.
  const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './concepts-worker.js'
  const worker = new Worker(new URL(entry, import.meta.url), { name: 'concepts', execArgv: [] })
  // It must not keep a command from ending.
  worker.unref()
  return worker
}

function ask(worker: Worker, text: string): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      worker.unref()
    }
    const onMessage = (reading: Reading) => {
      stop()
      resolve(reading)
    }
    const onError = (error: unknown) => {
      stop()
      reject(error)
    }
    const onExit = () => {
      stop()
      reject(new LvaError('cancelled', 'The thread that reads for concepts has ended.'))
    }
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.ref()
    worker.postMessage(text)
  })
}
