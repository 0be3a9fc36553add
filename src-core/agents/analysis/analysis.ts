import { toLvaError, withinTime } from '../../kernel/index.ts'
import { type Reading, readText } from '../../memory/index.ts'
import type { Analysis } from '../../vault/index.ts'
import type { Agent, AgentHelp, Task } from '../orchestrator/agent.ts'
import { analysedByModel } from './by-model.ts'
import { analysedOnDevice } from './on-device.ts'

/** UTF-16 code units of what was said that are looked at. */
export const LOOKED_AT = 4_000
/** Of its deadline, so much may pass until the concepts are read: the thread that reads them may have others to read first. */
const READING_SHARE = 0.5
/** Of its deadline, so much may pass until the model has answered; what the device read is there by then. */
const MODEL_SHARE = 0.8
const NOTHING_READ: Reading = { terms: [], relations: [] }

/**
 * Reads what the learner said: what they want, how they feel, what it is about, what they do not know yet. The device always reads, which puts
 * the concepts into the graph at once; where the learner lets a language model read their words, and it answers in time, what it says counts.
 */
export const analysis: Agent = {
  name: 'analysis',
  kinds: ['simple', 'complex'],
  inBackground: ['simple'],
  onlyAdds: true,
  // It says nothing of the matter.
  helpsToFindOut: true,
  due: 'whole',
  async run(task, help) {
    const begun = help.clock.monotonic()
    const text = task.capture.userText.slice(0, LOOKED_AT)
    const onDevice = analysedOnDevice(text, await readingOf(task, text, help))
    const left = help.deadlines.analysis * MODEL_SHARE - (help.clock.monotonic() - begun)
    return { analysis: (await byModel(task, text, onDevice, help, left)) ?? onDevice }
  },
}

/** Nothing where reading takes too long: the graph reads the capture when its turn comes. */
async function readingOf({ capture }: Task, text: string, help: AgentHelp): Promise<Reading> {
  const { concepts, clock, deadlines, signal, log } = help
  if (!concepts) return readText(text)
  try {
    const read = (stop: AbortSignal) => concepts.read(capture.id, stop)
    return (await withinTime(clock, deadlines.analysis * READING_SHARE, signal, read))[0] ?? NOTHING_READ
  } catch (error) {
    if (signal.aborted) throw error
    const { code } = toLvaError(error)
    // That there was no time is foreseen; nobody need be told of it beside an answer of the command line.
    log[code === 'timeout' ? 'info' : 'warn'](
      { code, capture: capture.id },
      'what was said is analysed without its concepts',
    )
    return NOTHING_READ
  }
}

/** Undefined where no model reads, or none has in time. */
async function byModel(
  { provider }: Task,
  text: string,
  onDevice: Analysis,
  { mayReadByModel, languageModel, clock, signal, log }: AgentHelp,
  ms: number,
): Promise<Analysis | undefined> {
  try {
    if (ms <= 0 || !(await mayReadByModel?.())) return undefined
    const model = await languageModel(provider)
    if (model.provider === 'offline') return undefined
    return await withinTime(clock, ms, signal, (stop) => analysedByModel(model, text, onDevice, stop))
  } catch (error) {
    if (signal.aborted) throw error
    log.warn({ code: toLvaError(error).code }, 'what was said is analysed by the device alone')
    return undefined
  }
}
