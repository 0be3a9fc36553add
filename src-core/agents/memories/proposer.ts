import { type Clock, type Closable, isLvaError, type Log, toLvaError } from '../../kernel/index.ts'
import type { Busy } from '../../memory/index.ts'
import type { LanguageModel, LanguageProvider } from '../../models/index.ts'
import {
  claimJobs,
  completeJobs,
  type Database,
  failJob,
  type Job,
  nextJobDue,
  releaseJobs,
} from '../../store/index.ts'
import { type Capture, PROPOSE_JOB, type Vault } from '../../vault/index.ts'
import { readStatementsByModel, tellsOfSelf } from './read-by-model.ts'
import { drawStatements } from './rules.ts'

export interface ProposerParts {
  db: Database
  vault: Pick<Vault, 'id' | 'captures' | 'memories'>
  /** Tells of changes when nobody waits for an answer. */
  background: Pick<Vault, 'onChange'>
  /** Undefined where the learner does not let a language model read what they say. */
  languageModel(provider: LanguageProvider): Promise<LanguageModel | undefined>
  /** What goes first: whoever waits for an answer. */
  goesFirst?: Busy
  clock: Clock
  log: Log
}

/** Draws statements about the learner from what they said, in the background, and keeps them as proposals. */
export interface Proposer extends Closable {
  /** Resolves when no capture waits. */
  idle(): Promise<void>
}

const JOBS_AT_ONCE = 16
const LONGEST_SLEEP_MS = 60_000
const PAUSE_MS = 1_000
const MOST_REMEMBERED = 1_000

export function createProposer(parts: ProposerParts): Proposer {
  const { db, vault, goesFirst, clock, log } = parts
  const closing = new AbortController()
  let alarm = new AbortController()
  let waiting: PromiseWithResolvers<void>[] = []
  /** Texts that a model has read: a capture changes again when it is answered anew, and a second reading would cost again. */
  const asked = new Set<string>()
  const stopListening = parts.background.onChange(({ captures }) => {
    if (captures.length > 0) alarm.abort()
  })
  const stopWaiting = goesFirst?.onRest(() => alarm.abort())
  const loop = work()

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      // Renewed first: what comes from here on is not slept through.
      if (alarm.signal.aborted) alarm = new AbortController()
      const asking = waiting
      try {
        if (goesFirst?.isBusy()) {
          await sleep(LONGEST_SLEEP_MS)
          continue
        }
        if (await round()) continue
        const due = (await nextJobDue(db, vault.id, PROPOSE_JOB)) ?? Number.POSITIVE_INFINITY
        if (due === Number.POSITIVE_INFINITY) {
          waiting = waiting.filter((each) => !asking.includes(each))
          for (const each of asking) each.resolve()
        }
        await sleep(due - clock.now())
      } catch (error) {
        if (closing.signal.aborted) break
        log.error({ error }, 'drawing statements met an error and goes on')
        await sleep(PAUSE_MS)
      }
    }
    for (const each of waiting) each.resolve()
  }

  /** @returns false when there was nothing to do */
  async function round(): Promise<boolean> {
    const jobs = await claimJobs(db, vault.id, PROPOSE_JOB, JOBS_AT_ONCE, clock)
    for (const [index, job] of jobs.entries()) {
      if (closing.signal.aborted || goesFirst?.isBusy()) {
        await releaseJobs(db, vault.id, jobs.slice(index))
        return !closing.signal.aborted
      }
      try {
        await propose(job)
        await completeJobs(db, vault.id, [job], clock)
      } catch (error) {
        await failJob(db, vault.id, job, toLvaError(error).code, clock)
      }
    }
    return jobs.length > 0
  }

  async function propose({ subject }: Job): Promise<void> {
    const id = subject.slice('capture:'.length)
    await vault.memories.withdrawUnheld([id])
    const capture = await vault.captures.get(id).catch((error: unknown) => {
      if (isLvaError(error, 'not-found')) return undefined
      throw error
    })
    if (!capture || capture.source === 'import') return
    const drawn = drawStatements(capture.userText)
    const statements = drawn.length > 0 ? drawn : await readByModel(capture)
    if (statements.length === 0) return
    await vault.memories.propose(
      statements.map(({ text, kind, about, start, end }) => {
        return { text, kind, about, receipt: { captureId: id, start, end } }
      }),
    )
  }

  /** Only by the provider that has answered it, and so has read it already. */
  async function readByModel({ id, answer, userText, editedAt }: Capture) {
    const provider = PROVIDERS.find((known) => known === answer?.provider)
    const version = `${id} ${editedAt}`
    if (!provider || !tellsOfSelf(userText) || asked.has(version)) return []
    if (asked.size >= MOST_REMEMBERED) asked.clear()
    asked.add(version)
    try {
      const model = await parts.languageModel(provider)
      return model ? await readStatementsByModel(model, userText, closing.signal) : []
    } catch (error) {
      // No second call, which would cost again: whatever it would have found, the learner can say again or write down.
      log.warn({ error, capture: id }, 'a capture was not read for statements by the model')
      return []
    }
  }

  async function sleep(ms: number): Promise<void> {
    const wake = AbortSignal.any([alarm.signal, closing.signal])
    if (ms <= 0 || wake.aborted) return
    await clock.sleep(Math.min(LONGEST_SLEEP_MS, ms), wake).catch(() => undefined)
  }

  return {
    idle: () => {
      const asked = Promise.withResolvers<void>()
      if (closing.signal.aborted) asked.resolve()
      else waiting.push(asked)
      alarm.abort()
      return asked.promise
    },
    close: async () => {
      closing.abort()
      stopListening()
      stopWaiting?.()
      await loop
    },
  }
}

const PROVIDERS: readonly LanguageProvider[] = ['anthropic', 'openai', 'compatible']
