import { createLog, errorToWire, toLvaError } from '../../kernel/index.ts'
import type { ParentLine } from '../../models/index.ts'
import { tooComplex } from './errors.ts'
import { parseDocument } from './parse.ts'
import type { ReaderMessage, ReaderReply } from './reader-protocol.ts'

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
  parent.onMessage((raw) => {
    const message = raw as ReaderMessage
    if (message.type === 'end') return end()
    void read(message, reply)
  })
}

async function read(
  { id, source, limits, logLevel }: Extract<ReaderMessage, { type: 'read' }>,
  reply: (message: ReaderReply) => void,
): Promise<void> {
  let told = 0
  const stop = new AbortController()
  const onProgress = (done: number, total: number) => {
    if (residentMb() > limits.memoryMb) stop.abort(tooComplex())
    const now = performance.now()
    if (now - told < TELL_EVERY_MS && done < total) return
    told = now
    reply({ type: 'progress', id, done, total, residentMb: residentMb() })
  }
  try {
    const parsed = await parseDocument(source, { limits, onProgress, signal: stop.signal })
    reply({ type: 'done', id, parsed, residentMb: residentMb() })
  } catch (error) {
    const failure = toLvaError(error)
    createLog(logLevel, 'documents').info({ code: failure.code, cause: failure.cause }, 'a document could not be read')
    reply({ type: 'failed', id, error: errorToWire(failure), residentMb: residentMb() })
  }
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / BYTES_PER_MB)
}
