import { errorToWire, type Log, toLvaError } from '../../kernel/index.ts'
import type { ParentLine } from '../types.ts'
import type { ModelEngines } from './engines.ts'
import { LightestFirst } from './lightest-first.ts'
import type { ModelsMessage, ModelsReply, ModelsSettings, ModelTasks, TaskName } from './protocol.ts'
import { stopIfAborted } from './stop.ts'

const BYTES_PER_MB = 1e6

/** The size of this process, in MB. */
export function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / BYTES_PER_MB)
}

/**
 * The models process's side of the protocol: answers every task once, one at a time for each kind. Of the texts to embed that wait, the
 * shortest come next, so that the query of a search does not wait for all of an index that is being built.
 * @param open makes the engines of the settings that the first message brings
 * @param end called when the supervisor asks the process to end
 */
export function serveModels(
  parent: ParentLine,
  open: (settings: ModelsSettings) => { engines: ModelEngines; log: Log },
  end: () => void,
): void {
  let served: { engines: ModelEngines; log: Log } | undefined
  const turns: Record<TaskName, LightestFirst> = {
    embed: new LightestFirst(),
    hear: new LightestFirst(),
    detect: new LightestFirst(),
    say: new LightestFirst(),
  }
  const running = new Map<number, AbortController>()
  const reply = (message: ModelsReply) => parent.send(message)

  async function run<Name extends TaskName>(id: number, task: Name, input: ModelTasks[Name]['input']): Promise<void> {
    const stop = new AbortController()
    running.set(id, stop)
    try {
      const output = await turns[task].run(weightOf(input), async () => {
        stopIfAborted(stop.signal)
        if (!served) throw new Error('a task came before the settings')
        return served.engines[task](input, stop.signal)
      })
      reply({ type: 'done', id, output, residentMb: residentMb() })
    } catch (error) {
      const known = toLvaError(error)
      if (known.code !== 'cancelled') served?.log.warn({ task, error }, 'a model task failed')
      reply({ type: 'failed', id, error: errorToWire(known), residentMb: residentMb() })
    } finally {
      running.delete(id)
    }
  }

  parent.onMessage((data) => {
    const message = data as ModelsMessage
    switch (message.type) {
      case 'configure':
        served = open(message.settings)
        reply({ type: 'ready', residentMb: residentMb() })
        break
      case 'run':
        void run(message.id, message.task, message.input)
        break
      case 'cancel':
        running.get(message.id)?.abort()
        break
      case 'end':
        end()
        break
    }
  })
}

/** Characters to embed; tasks of other kinds keep their order. */
function weightOf(input: ModelTasks[TaskName]['input']): number {
  return Array.isArray(input) ? input.reduce((sum, text) => sum + text.length, 0) : 0
}
