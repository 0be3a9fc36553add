import { parentPort } from 'node:worker_threads'
import { readText } from './read.ts'

/** The thread that reads texts for concepts: a page of English takes a quarter of a second, and nobody must wait for that. */
parentPort?.on('message', (text: string) => parentPort?.postMessage(readText(text)))
