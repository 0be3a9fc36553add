import { Channel, LvaError } from '../../kernel/index.ts'
import { procedures } from './procedures.ts'
import type { ClientContext } from './serve-connection.ts'
import type { Services } from './services.ts'

/** Export and import. Only the command line may name paths of this machine. */
export function portableProcedures({ portable }: Services) {
  const on = procedures.portable
  return {
    portable: {
      exportTo: on.exportTo.handler(({ input, context, signal }) => {
        onlyCommandLine(context)
        return withProgress(signal, async (tell, stop) => ({
          type: 'done' as const,
          result: await portable.exportTo(input, tell, stop),
        }))
      }),
      exportForPage: on.exportForPage.handler(({ input, signal }) =>
        withProgress(signal, async (tell, stop) => ({
          type: 'done' as const,
          result: await portable.exportForPage(input, tell, stop),
        })),
      ),
      piece: on.piece.handler(async ({ input }) => new Blob([await portable.piece(input.id, input.offset)])),
      receive: on.receive.handler(async ({ input }) => {
        const bytes = new Uint8Array(await input.bytes.arrayBuffer())
        return { upload: await portable.receive(input.upload, input.path, input.offset, bytes) }
      }),
      forget: on.forget.handler(({ input }) => portable.forget(input.id)),
      inspect: on.inspect.handler(({ input, context, signal }) => {
        if ('path' in input.origin) onlyCommandLine(context)
        return withProgress(signal, async (tell, stop) => ({
          type: 'done' as const,
          report: await portable.inspect(input.origin, input.kind, tell, stop),
        }))
      }),
      import: on.import.handler(({ input, context, signal }) => {
        if ('path' in input.origin) onlyCommandLine(context)
        return withProgress(signal, async (tell, stop) => ({
          type: 'done' as const,
          report: await portable.import(input.origin, input.kind, tell, stop),
        }))
      }),
      imports: on.imports.handler(async () => ({ imports: await portable.imports() })),
      rollBack: on.rollBack.handler(({ input, signal }) =>
        withProgress(signal, async (tell, stop) => ({
          type: 'done' as const,
          ...(await portable.rollBack(input.id, tell, stop)),
        })),
      ),
    },
  }
}

type ProgressEvent = { type: 'progress'; done: number; total: number | null }

/** The progress of some work, then what came of it. When the client stops listening, the work is told to stop. */
async function* withProgress<T>(
  signal: AbortSignal | undefined,
  work: (tell: (done: number, total: number | null) => void, stop: AbortSignal) => Promise<T>,
): AsyncGenerator<ProgressEvent | T> {
  const stop = new AbortController()
  const channel = new Channel<ProgressEvent | T>(() => stop.abort())
  signal?.addEventListener('abort', () => stop.abort(), { once: true })
  if (signal?.aborted) stop.abort()
  let told = ''
  const tell = (done: number, total: number | null) => {
    // A hundredth is as fine as anybody can see.
    const step = `${total ? Math.floor((done / total) * 100) : done}/${total}`
    if (step !== told) channel.push({ type: 'progress', done, total })
    told = step
  }
  const finished = work(tell, stop.signal).then(
    (last) => {
      channel.push(last)
      channel.end()
    },
    (error) => channel.fail(error),
  )
  try {
    yield* channel
  } finally {
    stop.abort()
    await finished
  }
}

function onlyCommandLine({ host }: ClientContext): void {
  if (host === 'cli') return
  throw new LvaError('bad-input', 'A page cannot name files of this machine.', {
    advice: 'Choose the files in the page, or use the command line.',
  })
}
