import { readFile } from 'node:fs/promises'
import { parseDocument } from '../src-core/capture/documents/parse.ts'
import { sniff } from '../src-core/capture/documents/sniff.ts'
import type { DocumentFormat } from '../src-core/capture/index.ts'
import { configSchema, isLvaError } from '../src-core/kernel/index.ts'

const limits = configSchema.parse({}).documents

export interface Reading {
  format: DocumentFormat
  /** `ready`, or the code of what the learner is told. */
  state: string
  text: string
  seconds: number
}

/** Reads a file as the documents process does. A fault that has no words for the learner is the state `internal`. */
export async function readDocumentFile(path: string): Promise<Reading> {
  const start = performance.now()
  const bytes = new Uint8Array(await readFile(path))
  const format = sniff(bytes, path)
  const context = { limits, onProgress: () => undefined, signal: new AbortController().signal }
  const { state, text } = await parseDocument({ bytes, format, name: path }, context).then(
    (parsed) => ({ state: 'ready', text: parsed.text }),
    (error: unknown) => ({ state: isLvaError(error) ? error.code : 'internal', text: '' }),
  )
  return { format, state, text, seconds: (performance.now() - start) / 1_000 }
}
