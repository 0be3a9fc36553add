import { createLog, errorToWire, toLvaError } from '../../kernel/index.ts'
import type { ParentLine } from '../../models/index.ts'
import { tooComplex } from './errors.ts'
import { parseDocument } from './parse.ts'
import type { ReaderMessage, ReaderReply } from './reader-protocol.ts'

type Reading = Extract<ReaderMessage, { type: 'read' }>
type Decoding = Extract<ReaderMessage, { type: 'decode' }>
type Looking = Extract<ReaderMessage, { type: 'picture' }>
type Work = Reading | Decoding | Looking

const BYTES_PER_MB = 1e6
/** Progress is told this often, in milliseconds. */
const TELL_EVERY_MS = 200

/**
 * The documents process's side: reads one document at a time. It holds no data and is ended by its supervisor whenever it takes too long
 * or grows too large.
 * @param end called when the supervisor asks the process to end
 */
export function serveReader(parent: ParentLine, end: () => void): void {
  const reply = (message: ReaderReply) => parent.send(message)
  let onMore: () => void = () => undefined
  const more = () =>
    new Promise<void>((resolve) => {
      onMore = resolve
    })
  const begin = (work: Work) => {
    if (work.type === 'read') return read(work, reply)
    return work.type === 'decode' ? decode(work, reply, more) : look(work, reply)
  }
  parent.onMessage((raw) => {
    const message = raw as ReaderMessage
    if (message.type === 'end') return end()
    if (message.type === 'more') return onMore()
    void answer(message, reply, begin(message))
  })
}

async function answer(
  { id, logLevel }: Work,
  reply: (message: ReaderReply) => void,
  work: Promise<ReaderReply>,
): Promise<void> {
  try {
    reply(await work)
  } catch (error) {
    const failure = toLvaError(error)
    createLog(logLevel, 'documents').info({ code: failure.code, cause: failure.cause }, 'a document could not be read')
    reply({ type: 'failed', id, error: errorToWire(failure), residentMb: residentMb() })
  }
}

async function read({ id, source, limits }: Reading, reply: (message: ReaderReply) => void): Promise<ReaderReply> {
  let told = 0
  const stop = new AbortController()
  const onProgress = (done: number, total: number) => {
    if (residentMb() > limits.memoryMb) stop.abort(tooComplex())
    const now = performance.now()
    if (now - told < TELL_EVERY_MS && done < total) return
    told = now
    reply({ type: 'progress', id, done, total, residentMb: residentMb() })
  }
  const parsed = await parseDocument(source, { limits, onProgress, signal: stop.signal })
  return { type: 'done', id, parsed, residentMb: residentMb() }
}

async function decode(
  { id, bytes, limits }: Decoding,
  reply: (message: ReaderReply) => void,
  more: () => Promise<void>,
): Promise<ReaderReply> {
  // Loaded when the first recording comes.
  const { openSound } = await import('./sound/open-sound.ts')
  const { stretchesOf } = await import('./sound/stretches.ts')
  const sound = openSound(bytes)
  for await (const samples of stretchesOf(sound)) {
    if (residentMb() > limits.memoryMb) throw tooComplex()
    const asked = more()
    reply({ type: 'sound', id, samples, seconds: sound.seconds, residentMb: residentMb() })
    await asked
  }
  return { type: 'decoded', id, residentMb: residentMb() }
}

async function look({ id, bytes, work }: Looking, reply: (message: ReaderReply) => void): Promise<ReaderReply> {
  const { workOnPicture } = await import('../pictures/work.ts')
  let told = 0
  // Several screens full of writing take longer than a reading may stand still.
  const onStep = () => {
    const now = performance.now()
    if (now - told < TELL_EVERY_MS) return
    told = now
    reply({ type: 'progress', id, done: 0, total: 1, residentMb: residentMb() })
  }
  const result = await workOnPicture(bytes, work, new AbortController().signal, onStep)
  return { type: 'picture', id, result, residentMb: residentMb() }
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / BYTES_PER_MB)
}
