import type { Clock, Log } from '../../kernel/index.ts'

/**
 * A Postgres server has processes that write checkpoints and clean tables in the background. PGlite is a single process and does
 * neither: without this, the write-ahead log would grow until the app is closed and a crash would replay all of it.
 */

/** Longest time that written rows wait for a checkpoint, in milliseconds. */
const CHECKPOINT_EVERY_MS = 60_000
/** It takes a tenth of a second, in which nobody else is answered: it waits for a pause of this length, in milliseconds, */
const PAUSE_MS = 300
/** but not for longer than this. */
const LONGEST_WAIT_MS = 60_000
/** Bytes of requests after which one is due at once; the log grows by two to three times as much. */
const CHECKPOINT_AFTER_BYTES = 32_000_000
/** Statements after which tables that have grown are measured for the planner, also while there is work. */
const MEASURE_AFTER_STATEMENTS = 500
/** Statements after which tables are cleaned and the planner's figures renewed. */
const VACUUM_AFTER_STATEMENTS = 2_000
/** Cleaning waits for a pause of this length, in milliseconds. */
const QUIET_MS = 20_000

export interface MaintenanceOptions {
  clock: Clock
  log: Log
  /** Each when its turn has come. */
  checkpoint(): Promise<void>
  vacuum(): Promise<void>
  /** Renews the planner's figures of what has grown; short. */
  measure(): Promise<void>
}

export class Maintenance {
  readonly #options: MaintenanceOptions
  readonly #closing = new AbortController()
  #loop: Promise<void> | undefined
  /** Since the last checkpoint. */
  #written = false
  #bytes = 0
  #statementsSinceVacuum = 0
  #statementsSinceMeasure = 0
  #lastUsed = 0

  constructor(options: MaintenanceOptions) {
    this.#options = options
  }

  /** Takes note of a statement. @param command what it did, as Postgres names it, such as `INSERT 0 1` */
  used(command: string, bytes: number): void {
    this.#lastUsed = this.#options.clock.monotonic()
    if (/^(SELECT|SHOW|BEGIN|COMMIT|ROLLBACK|SET|CHECKPOINT|VACUUM|ANALYZE)/.test(command)) return
    this.#statementsSinceVacuum += 1
    this.#statementsSinceMeasure += 1
    this.#bytes += bytes
    this.#written = true
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined
    })
  }

  /** True once so much was written that the next free moment should be used for a checkpoint. */
  get checkpointDue(): boolean {
    return this.#bytes > CHECKPOINT_AFTER_BYTES
  }

  /** Takes note that everything has been written down. */
  checkpointed(): void {
    this.#bytes = 0
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#loop
  }

  /** Resolves when nobody has asked anything for a moment, or after a while. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const begun = clock.monotonic()
    for (;;) {
      const now = clock.monotonic()
      const left = PAUSE_MS - (now - this.#lastUsed)
      if (left <= 0 || now - begun >= LONGEST_WAIT_MS) return
      await clock.sleep(left, signal)
    }
  }

  /** Work that goes on for minutes, such as taking in a large folder, would else be planned as if the tables were still empty. */
  async #measureGrown(): Promise<void> {
    if (this.#statementsSinceMeasure < MEASURE_AFTER_STATEMENTS) return
    this.#statementsSinceMeasure = 0
    await this.#options.measure()
  }

  async #run(): Promise<void> {
    const { clock, log, checkpoint, vacuum } = this.#options
    const { signal } = this.#closing
    try {
      while (this.#written) {
        await clock.sleep(CHECKPOINT_EVERY_MS, signal)
        await this.#pause(signal)
        this.#written = false
        await checkpoint()
        await this.#measureGrown()
        if (this.#statementsSinceVacuum < VACUUM_AFTER_STATEMENTS) continue
        while (clock.monotonic() - this.#lastUsed < QUIET_MS) {
          await clock.sleep(QUIET_MS, signal)
          await this.#measureGrown()
        }
        this.#statementsSinceVacuum = 0
        await vacuum()
        await checkpoint()
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'the database could not be tidied; the next write tries again')
    }
  }
}
