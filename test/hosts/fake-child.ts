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
  const deliver = (listeners: ((message: unknown) => void)[], message: unknown) => {
    const copy = structuredClone(message)
    setImmediate(() => {
      if (alive) for (const listener of listeners) listener(copy)
    })
  }
  const child = {
    killed: false,
    exit(code: number | null) {
      if (!alive) return
      alive = false
      for (const listener of exits) listener(code)
    },
    handle: {
      pid: ++lastPid,
      send: (message: unknown) => deliver(toChild, message),
      onMessage: (listener: (message: unknown) => void) => void toHost.push(listener),
      onExit: (listener: (code: number | null) => void) => void exits.push(listener),
      kill: () => {
        child.killed = true
        setImmediate(() => child.exit(null))
      },
    },
    port: {
      send: (message: unknown) => deliver(toHost, message),
      onMessage: (listener: (message: unknown) => void) => void toChild.push(listener),
      onGone: () => undefined,
    },
  }
  return child
}
