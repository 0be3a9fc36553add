import { Channel } from '../../kernel/index.ts'
import type { OnProgress, Progress } from '../../legacy/index.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

type Event<T> = ({ type: 'progress' } & Progress) | { type: 'done'; report: T }

/** The import from v1. */
export function legacyProcedures({ legacy, uploads }: Pick<Services, 'legacy' | 'uploads'>) {
  const { inspect, execute, verify, rollBack, importId, list, beginUpload, push, dropUpload } = procedures.legacy
  const placeOf = <T extends { path: string }>(input: T): T => ({ ...input, path: uploads.resolve(input.path) })
  return {
    legacy: {
      inspect: inspect.handler(({ input, signal }) =>
        reporting(signal, (onProgress, stop) => legacy.inspect(placeOf(input), onProgress, stop)),
      ),
      execute: execute.handler(({ input, signal }) =>
        reporting(signal, (onProgress, stop) => legacy.execute(placeOf(input), onProgress, stop)),
      ),
      verify: verify.handler(({ input, signal }) =>
        reporting(signal, (onProgress, stop) => legacy.verify(placeOf(input), onProgress, stop)),
      ),
      rollBack: rollBack.handler(({ input, signal }) =>
        reporting(signal, (onProgress, stop) => legacy.rollBack(input.id, onProgress, stop)),
      ),
      importId: importId.handler(async ({ input, signal }) => ({
        id: await legacy.importIdOf(placeOf(input), signal),
      })),
      list: list.handler(async () => ({ imports: await legacy.list() })),
      beginUpload: beginUpload.handler(async ({ input }) => ({ id: await uploads.begin(input.name, input.bytes) })),
      push: push.handler(async ({ input }) => uploads.push(input.id, new Uint8Array(await input.bytes.arrayBuffer()))),
      dropUpload: dropUpload.handler(({ input }) => uploads.drop(input.id)),
    },
  }
}

/** Work as a stream: its progress as it comes, then its report. Leaving the stream stops the work and waits for its end. */
async function* reporting<T>(
  signal: AbortSignal | undefined,
  work: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<Event<T>> {
  const channel = new Channel<Event<T>>()
  const left = new AbortController()
  const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal
  const finished = work((progress) => channel.push({ type: 'progress', ...progress }), stop).then(
    (report) => {
      channel.push({ type: 'done', report })
      channel.end()
    },
    (error) => channel.fail(error),
  )
  try {
    yield* channel
  } finally {
    left.abort()
    await finished
  }
}
