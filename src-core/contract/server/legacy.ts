import { isAbsolute } from 'node:path'
import { Channel, LvaError } from '../../kernel/index.ts'
import type { OnProgress, Progress } from '../../legacy/index.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

type Event<T> = ({ type: 'progress' } & Progress) | { type: 'done'; report: T }

/** Begins what stands for the path of a file that a page has sent. */
const UPLOAD = 'upload:'

/** The import from v1. */
export function legacyProcedures({ legacy, portable }: Pick<Services, 'legacy' | 'portable'>) {
  const { inspect, execute, verify, rollBack, importId, list } = procedures.legacy
  const placeOf = async <T extends { path: string }>(input: T): Promise<T> => {
    const { path } = input
    if (path.startsWith(UPLOAD)) return { ...input, path: await portable.received(path.slice(UPLOAD.length)) }
    if (isAbsolute(path)) return input
    throw new LvaError('bad-input', 'The path must be a whole one.', { advice: 'Begin it with / or a drive.' })
  }
  return {
    legacy: {
      inspect: inspect.handler(({ input, signal }) =>
        reporting(signal, async (onProgress, stop) => legacy.inspect(await placeOf(input), onProgress, stop)),
      ),
      execute: execute.handler(({ input, signal }) =>
        reporting(signal, async (onProgress, stop) => legacy.execute(await placeOf(input), onProgress, stop)),
      ),
      verify: verify.handler(({ input, signal }) =>
        reporting(signal, async (onProgress, stop) => legacy.verify(await placeOf(input), onProgress, stop)),
      ),
      rollBack: rollBack.handler(({ input, signal }) =>
        reporting(signal, (onProgress, stop) => legacy.rollBack(input.id, onProgress, stop)),
      ),
      importId: importId.handler(async ({ input, signal }) => ({
        id: await legacy.importIdOf(await placeOf(input), signal),
      })),
      list: list.handler(async () => ({ imports: await legacy.list() })),
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
