import { parentPort } from 'node:worker_threads'
import type { ReaderAnswer, ReaderRequest } from './messages.ts'
import { failureOf, Reader } from './reader.ts'

/** The thread that reads v1's file, so that the core never waits for a disk. */

const reader = new Reader()
parentPort?.on('message', (request: ReaderRequest) => {
  let answer: ReaderAnswer
  try {
    answer = reader.answer(request)
  } catch (error) {
    answer = { type: 'failed', ...failureOf(error) }
  }
  parentPort?.postMessage(answer)
})
