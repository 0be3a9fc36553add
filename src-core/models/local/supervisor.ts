import { type Clock, errorFromWire, type Log, LvaError } from '../../kernel/index.ts'
import type { ChildHandle, LocalModels, LocalModelsStatus, SpawnModels } from '../types.ts'
import { MINILM_INFO } from './minilm.ts'
import type { Hear } from './moonshine.ts'
import type { ModelsMessage, ModelsReply, ModelsSettings, ModelTasks, TaskName } from './protocol.ts'
import { SILERO_ID, VOICE_FRAME } from './silero.ts'
import { slicesOf } from './slices.ts'
import { stopIfAborted } from './stop.ts'
import { createSynthesizer } from './synthesizer.ts'
import { createTranscriber } from './transcriber.ts'
import type { WhisperPlace } from './whisper.ts'

export interface LocalModelsOptions {
  spawn: SpawnModels
  settings: ModelsSettings
  /** The process is replaced between two tasks once it is larger than this, in MB of 10^6 bytes. */
  recycleAboveMb: number
  clock: Clock
  log: Log
  timing?: Partial<SupervisorTiming>
}

/** All in milliseconds. */
export interface SupervisorTiming {
  /** Longest time from spawning to the first word of the process. */
  start: number
  /** Longest time for one task, with the loading of its model; a process that takes longer hangs, and is killed. */
  task: number
  /** Wait after the first crash; doubled for each further one in a row, up to `longestBackOff`. */
  backOff: number
  longestBackOff: number
  /** A process is not replaced for its size before it has lived this long, so that a low limit costs time and not service. */
  shortestLife: number
  /** Time in which a process may end by itself before it is killed. */
  end: number
}

const USUAL_TIMING: SupervisorTiming = {
  start: 30_000,
  task: 120_000,
  backOff: 250,
  longestBackOff: 30_000,
  shortestLife: 30_000,
  end: 3_000,
}

/**
 * Tasks of a kind that the process is given at once. It computes one at a time, and has the next in hand when that is done, so that it never
 * waits for this process: of texts to embed two of an index that is being built, and the query of a search, which it takes first.
 */
const GIVEN_AT_ONCE: Record<TaskName, number> = { embed: 3, hear: 1, detect: 1, say: 1 }

/** Times a task is given to a process: once, and once more after a crash. */
const MOST_ATTEMPTS = 2
/** Crashes in a row, without one answer between them, after which waiting tasks are refused. */
const CRASHES_TO_FAIL = 5

/** A task that waits or runs. */
interface Job {
  id: number
  task: TaskName
  input: ModelTasks[TaskName]['input']
  attempts: number
  /** True once it was answered, refused or cancelled. */
  settled: boolean
  resolve(output: ModelTasks[TaskName]['output']): void
  reject(error: LvaError): void
}

/** One life of the models process. */
interface Life {
  child: ChildHandle
  ready: boolean
  /** When it became ready, by the monotonic clock. */
  since: number
  running: Map<number, { job: Job; timer: AbortController }>
  /** Set when it is to end: no further task goes to it, and its exit is no crash. */
  ending: boolean
  gone: Promise<void>
}

/**
 * Runs the models in a process of their own, which may crash, hang or grow, and offers them as if none of that happened:
 *
 *     stopped --first task--> starting --ready--> ready --too large--> stopped (the next task starts it again)
 *        ^                       |                  |
 *        |                       +--exit, hang------+--> restarting --back-off--> starting, or stopped without tasks
 *        +--back-off-- failed <--5 crashes in a row--+
 *
 * A task that was running in a crash is given to the next process once; a second crash is `model-process-down`. Tasks of one model run
 * one at a time; long lists are cut into small tasks, and a short text comes before longer ones that wait, a few times at most, so that
 * neither a search nor a long question is kept waiting by an index being built.
 */
export function createLocalModels(options: LocalModelsOptions): LocalModels {
  const supervisor = new Supervisor(options)
  const run = <Name extends TaskName>(task: Name, input: ModelTasks[Name]['input'], signal?: AbortSignal) =>
    supervisor.run(task, input, signal) as Promise<ModelTasks[Name]['output']>
  const hearWith =
    (whisper: WhisperPlace | null): Hear =>
    (samples, { signal, language } = {}) =>
      run('hear', { samples, whisper, language: language ?? null }, signal)
  return {
    embedder: {
      info: MINILM_INFO,
      async embed(texts, { signal } = {}) {
        stopIfAborted(signal)
        const size = MINILM_INFO.dimensions
        const vectors = new Array<Float32Array>(texts.length)
        for (const slice of slicesOf(texts)) {
          const flat = await run(
            'embed',
            slice.map((index) => texts[index] as string),
            signal,
          )
          for (const [row, index] of slice.entries()) vectors[index] = flat.slice(row * size, (row + 1) * size)
        }
        return vectors
      },
    },
    transcriber: createTranscriber(hearWith(null)),
    downloaded: (place) => createTranscriber(hearWith(place), place.id),
    detector: {
      id: SILERO_ID,
      frame: VOICE_FRAME,
      detect: (samples, state, { signal } = {}) => run('detect', { samples, state }, signal),
    },
    synthesizer: createSynthesizer((sentence, signal) => run('say', sentence, signal)),
    status: () => supervisor.status(),
    onStatus: (listener) => supervisor.onStatus(listener),
    close: () => supervisor.close(),
  }
}

class Supervisor {
  readonly #options: LocalModelsOptions
  readonly #timing: SupervisorTiming
  readonly #listeners = new Set<(status: LocalModelsStatus) => void>()
  readonly #closing = new AbortController()
  #state: LocalModelsStatus['state'] = 'stopped'
  #waiting: Job[] = []
  #life: Life | undefined
  #lastId = 0
  #crashes = 0
  #recycles = 0
  /** Crashes since the last answer. */
  #inARow = 0
  #residentMb = 0
  #backingOff = false
  #closed: Promise<void> | undefined

  constructor(options: LocalModelsOptions) {
    this.#options = options
    this.#timing = { ...USUAL_TIMING, ...options.timing }
  }

  run(task: TaskName, input: Job['input'], signal: AbortSignal | undefined): Promise<ModelTasks[TaskName]['output']> {
    return new Promise((resolve, reject) => {
      stopIfAborted(signal)
      if (this.#closed) throw closing()
      if (this.#state === 'failed') throw down()
      const id = ++this.#lastId
      const stop = () => this.#cancel(id)
      const settle = () => {
        job.settled = true
        signal?.removeEventListener('abort', stop)
      }
      const job: Job = {
        id,
        task,
        input,
        attempts: 0,
        settled: false,
        resolve(output) {
          settle()
          resolve(output)
        },
        reject(error) {
          settle()
          reject(error)
        },
      }
      signal?.addEventListener('abort', stop, { once: true })
      this.#waiting.push(job)
      this.#pump()
    })
  }

  status(): LocalModelsStatus {
    const pid = this.#life?.child.pid
    return {
      state: this.#state,
      crashes: this.#crashes,
      recycles: this.#recycles,
      residentMb: this.#residentMb,
      ...(pid === undefined ? {} : { pid }),
    }
  }

  onStatus(listener: (status: LocalModelsStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing.abort(closing())
    const life = this.#life
    // It cannot leave in the middle of a task or of its start, and nothing of either is wanted any more.
    const isBusy = life !== undefined && (!life.ready || life.running.size > 0)
    const jobs = [...(life ? this.#takeRunning(life) : []), ...this.#waiting.splice(0)]
    for (const job of jobs) job.reject(closing())
    if (isBusy) {
      life.ending = true
      life.child.kill()
      await life.gone
    } else if (life) await this.#end(life)
    this.#setState('stopped')
  }

  /** Gives waiting tasks to the process, which is started when there is none. */
  #pump(): void {
    if (this.#closed || this.#waiting.length === 0) return
    const life = this.#life
    if (!life) {
      if (!this.#backingOff) this.#start()
      return
    }
    if (!life.ready || life.ending) return
    const given = { embed: 0, hear: 0, detect: 0, say: 0 } satisfies Record<TaskName, number>
    for (const { job } of life.running.values()) given[job.task] += 1
    this.#waiting = this.#waiting.filter((job) => {
      if (given[job.task] >= GIVEN_AT_ONCE[job.task]) return true
      given[job.task] += 1
      this.#give(life, job)
      return false
    })
  }

  #give(life: Life, job: Job): void {
    job.attempts++
    const timer = this.#killUnlessStopped(life, this.#timing.task, `a ${job.task} task took too long`, () => {
      life.running.delete(job.id)
      job.reject(tooLong())
    })
    life.running.set(job.id, { job, timer })
    this.#tell(life, { type: 'run', id: job.id, task: job.task, input: job.input })
  }

  #start(): void {
    this.#setState('starting')
    let child: ChildHandle
    try {
      child = this.#options.spawn()
    } catch (error) {
      this.#options.log.error({ error }, 'the models process cannot be started')
      this.#crashed([])
      return
    }
    const exit = Promise.withResolvers<void>()
    const life: Life = { child, ready: false, since: 0, running: new Map(), ending: false, gone: exit.promise }
    this.#life = life
    const timer = this.#killUnlessStopped(life, this.#timing.start, 'the models process did not start')
    child.onMessage((message) => {
      if (this.#life !== life) return
      const reply = message as ModelsReply
      this.#residentMb = reply.residentMb
      if (reply.type === 'ready') {
        timer.abort()
        life.ready = true
        life.since = this.#options.clock.monotonic()
        this.#setState('ready')
        this.#pump()
      } else this.#answer(life, reply)
    })
    child.onExit((code) => {
      timer.abort()
      exit.resolve()
      if (this.#life === life) this.#exited(life, code)
    })
    this.#tell(life, { type: 'configure', settings: this.#options.settings })
  }

  #answer(life: Life, reply: Exclude<ModelsReply, { type: 'ready' }>): void {
    this.#inARow = 0
    const running = life.running.get(reply.id)
    if (running) {
      running.timer.abort()
      life.running.delete(reply.id)
      if (reply.type === 'done') running.job.resolve(reply.output)
      else running.job.reject(errorFromWire(reply.error))
    }
    const age = this.#options.clock.monotonic() - life.since
    if (reply.residentMb > this.#options.recycleAboveMb && age >= this.#timing.shortestLife) life.ending = true
    if (life.ending && life.running.size === 0) void this.#recycle(life)
    else this.#pump()
  }

  async #recycle(life: Life): Promise<void> {
    if (this.#closed) return
    this.#options.log.info({ residentMb: this.#residentMb }, 'the models process is replaced because of its size')
    this.#recycles++
    this.#setState('restarting')
    await this.#end(life)
  }

  /** The present process has ended. */
  #exited(life: Life, code: number | null): void {
    this.#life = undefined
    this.#residentMb = 0
    const running = this.#takeRunning(life)
    if (this.#closed) return
    if (life.ending) {
      this.#waiting.unshift(...running)
      this.#setState('stopped')
      this.#pump()
      return
    }
    this.#options.log.warn({ code, tasks: running.length }, 'the models process has ended unexpectedly')
    this.#crashed(running)
  }

  #crashed(running: Job[]): void {
    this.#crashes++
    this.#inARow++
    for (const job of running) if (job.attempts >= MOST_ATTEMPTS) job.reject(down())
    this.#waiting.unshift(...running.filter((job) => job.attempts < MOST_ATTEMPTS))
    const failed = this.#inARow >= CRASHES_TO_FAIL
    if (failed) for (const job of this.#waiting.splice(0)) job.reject(down())
    void this.#backOff()
    this.#setState(failed ? 'failed' : 'restarting')
  }

  async #backOff(): Promise<void> {
    const { backOff, longestBackOff } = this.#timing
    this.#backingOff = true
    await this.#sleep(Math.min(longestBackOff, backOff * 2 ** (this.#inARow - 1)), this.#closing.signal)
    this.#backingOff = false
    if (this.#closed) return
    if (this.#waiting.length === 0) this.#setState('stopped')
    this.#pump()
  }

  #cancel(id: number): void {
    const waiting = this.#waiting.find((job) => job.id === id)
    this.#waiting = this.#waiting.filter((job) => job !== waiting)
    waiting?.reject(stopped())
    const life = this.#life
    const running = life?.running.get(id)
    if (!life || !running) return
    // Its reply still ends its turn, and its timer still ends a process that does not react.
    this.#tell(life, { type: 'cancel', id })
    running.job.reject(stopped())
  }

  /** Asks a process to end, and kills it if it does not. Resolves when it is gone. */
  async #end(life: Life): Promise<void> {
    life.ending = true
    this.#tell(life, { type: 'end' })
    const timer = this.#killUnlessStopped(life, this.#timing.end, 'the models process did not end')
    await life.gone
    timer.abort()
  }

  /** Kills the process after a time, unless the returned controller is aborted before. */
  #killUnlessStopped(life: Life, ms: number, reason: string, before?: () => void): AbortController {
    const timer = new AbortController()
    void this.#sleep(ms, timer.signal).then((slept) => {
      if (!slept) return
      this.#options.log.warn({ pid: life.child.pid }, reason)
      before?.()
      life.child.kill()
    })
    return timer
  }

  /** @returns false when the signal came first */
  #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    return this.#options.clock.sleep(ms, signal).then(
      () => true,
      () => false,
    )
  }

  /** The tasks of a process that has ended, and that somebody still waits for. */
  #takeRunning(life: Life): Job[] {
    const running = [...life.running.values()]
    life.running.clear()
    for (const { timer } of running) timer.abort()
    return running.map(({ job }) => job).filter((job) => !job.settled)
  }

  #tell(life: Life, message: ModelsMessage): void {
    life.child.send(message)
  }

  #setState(state: LocalModelsStatus['state']): void {
    this.#state = state
    const status = this.status()
    for (const listener of this.#listeners) listener(status)
  }
}

function down(): LvaError {
  return new LvaError('model-process-down', 'The part of the program that listens and understands has stopped.', {
    advice: 'It starts again by itself; try once more in a moment. If it keeps stopping, run "lva doctor".',
  })
}

function tooLong(): LvaError {
  return new LvaError('timeout', 'A model took too long to answer.', {
    advice: 'Try again; it is slower while the machine is busy.',
  })
}

function closing(): LvaError {
  return new LvaError('cancelled', 'The program is closing.')
}

function stopped(): LvaError {
  return new LvaError('cancelled', 'Stopped.')
}
