import { type Clock, LvaError, toLvaError } from '../../kernel/index.ts'
import type { McpLine } from './connect.ts'
import { resting } from './faults.ts'
import { factsOf } from './tool-facts.ts'
import type { ServerState, ToolFacts } from './types.ts'

/** Rest after the first failure; it doubles with each that follows. */
const FIRST_REST_MS = 2_000
const LONGEST_REST_MS = 300_000

export interface ServerLifeParts {
  name: string
  connect(signal: AbortSignal): Promise<McpLine>
  idleMs: number
  clock: Clock
  onChange(): void
}

/** A server that answers, and the tools that it has now. */
export interface Ready {
  line: McpLine
  tools: ToolFacts[]
}

/** One server from its first use to its end, over as many starts as that takes. */
export interface ServerLife {
  readonly state: ServerState
  readonly failure: LvaError | null
  /** As it named them last; undefined before that. */
  readonly tools: ToolFacts[] | undefined
  /**
   * Starts it unless it runs. Whoever asks meanwhile waits for the same start, which goes on when they stop waiting.
   * @param isImpatient although it failed a moment ago
   * @throws LvaError mcp-server-resting, cancelled, and those of `connect`
   */
  ready(signal: AbortSignal, isImpatient?: boolean): Promise<Ready>
  /** Says that it answered: its failures are forgotten, and it is ended when this was long ago. */
  used(): void
  /** For good. Resolves when nothing of it runs any more. */
  end(): Promise<void>
}

export function serverLife({ name, connect, idleMs, clock, onChange }: ServerLifeParts): ServerLife {
  const over = new AbortController()
  let state: ServerState = 'unknown'
  let failure: LvaError | null = null
  let tools: ToolFacts[] | undefined
  let starting: Promise<Ready> | undefined
  let listing: Promise<void> | undefined
  let line: McpLine | undefined
  let failures = 0
  let restUntil = 0
  let idle = new AbortController()

  function failed(error: LvaError): void {
    failures += 1
    restUntil = clock.monotonic() + Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS)
    failure = error
    state = 'failed'
    onChange()
  }

  async function list(from: McpLine): Promise<void> {
    const told = await from.tools(over.signal)
    tools = told.flatMap((tool) => factsOf(tool) ?? [])
    onChange()
  }

  async function start(): Promise<Ready> {
    state = 'starting'
    onChange()
    let opened: McpLine | undefined
    let early: LvaError | undefined
    try {
      const current = await connect(over.signal)
      opened = current
      current.onEnd((why) => {
        early = why
        if (line === current) ended(why)
      })
      current.onToolsChanged(() => {
        listing = list(current).catch(() => undefined)
      })
      await list(current)
      if (early) throw early
      line = current
      state = 'running'
      failure = null
      onChange()
      waitIdle()
      return { line: current, tools: tools ?? [] }
    } catch (error) {
      await opened?.close()
      starting = undefined
      if (!over.signal.aborted) failed(toLvaError(error))
      throw error
    }
  }

  function ended(why: LvaError | undefined): void {
    line = undefined
    starting = undefined
    if (why) failed(why)
    else {
      state = 'ended'
      onChange()
    }
  }

  function waitIdle(): void {
    idle.abort()
    idle = new AbortController()
    clock.sleep(idleMs, AbortSignal.any([over.signal, idle.signal])).then(
      () => void line?.close(),
      () => undefined,
    )
  }

  const life: ServerLife = {
    get state() {
      return state
    },
    get failure() {
      return failure
    },
    get tools() {
      return tools
    },
    async ready(signal, isImpatient = false) {
      const restMs = restUntil - clock.monotonic()
      if (!starting && !isImpatient && restMs > 0) throw resting(name, Math.ceil(restMs / 1_000))
      starting ??= start()
      const begun = await unlessAborted(starting, signal)
      // What it told of a change must count before it is asked.
      if (listing) await unlessAborted(listing, signal)
      return { line: begun.line, tools: tools ?? [] }
    },
    used() {
      failures = 0
      restUntil = 0
      waitIdle()
    },
    async end() {
      over.abort(new DOMException('The server is ended.', 'AbortError'))
      await starting?.catch(() => undefined)
      await line?.close()
    },
  }
  return life
}

/** @throws LvaError cancelled */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new LvaError('cancelled', 'Stopped.'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
