import type { ChildHandle } from '../../src-core/models/index.ts'
import type { HostPort } from '../../src-main/host-port.ts'

/** A child process that is none: the host's handle of it, and the port that the code inside would have. */
export interface FakeChild {
  handle: ChildHandle
  port: HostPort
  /** Ends it, as a crash or an orderly exit would. */
  exit(code: number | null): void
  readonly killed: boolean
}

let lastPid = 1_000_000

export function fakeChild(): FakeChild {
  const toHost: ((message: unknown) => void)[] = []
  const toChild: ((message: unknown) => void)[] = []
  const exits: ((code: number | null) => void)[] = []
  let alive = true
  /** What the child has said and nobody has heard yet, oldest first. */
  const said: unknown[] = []
  const hear = () => {
    for (const message of said.splice(0)) for (const listener of toHost) listener(message)
  }
  const child = {
    killed: false,
    exit(code: number | null) {
      if (!alive) return
      alive = false
      // As with a real child: its line is read to the end before its exit is told.
      hear()
      for (const listener of exits) listener(code)
    },
    handle: {
      pid: ++lastPid,
      send: (message: unknown) => {
        const copy = structuredClone(message)
        setImmediate(() => {
          if (alive) for (const listener of toChild) listener(copy)
        })
      },
      onMessage: (listener: (message: unknown) => void) => void toHost.push(listener),
      onExit: (listener: (code: number | null) => void) => void exits.push(listener),
      kill: () => {
        child.killed = true
        setImmediate(() => child.exit(null))
      },
    },
    port: {
      send: (message: unknown) => {
        if (!alive) return
        said.push(structuredClone(message))
        setImmediate(hear)
      },
      onMessage: (listener: (message: unknown) => void) => void toChild.push(listener),
      onGone: () => undefined,
    },
  }
  return child
}
