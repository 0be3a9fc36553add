import { type Carrier, CarrierState, reconnectPause } from './carrier.ts'
import type { Frame } from './connection.ts'
import type { DeskMessage } from './desk-message.ts'

/**
 * What crosses Electron's preload bridge, both ways. The page says `open` to begin a line (which ends an older one of that page);
 * main answers `opened` once the core is there, and says `closed` when the core has gone.
 */
export type BridgeMessage =
  | { type: 'open' }
  | { type: 'opened' }
  | { type: 'closed' }
  | { type: 'frame'; frame: Frame }
  | DeskMessage

/** All that the preload script shows to the page. */
export interface Bridge {
  send(message: BridgeMessage): void
  /** Each listener hears everything. */
  subscribe(listener: (message: BridgeMessage) => void): void
}

/** Carries frames over the preload bridge. */
export function bridgeCarrier(bridge: Bridge): Carrier {
  const line = new CarrierState()
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const open = () => {
    clearTimeout(timer)
    timer = undefined
    bridge.send({ type: 'open' })
  }
  bridge.subscribe((message) => {
    if (line.state === 'closed') return
    if (message.type === 'frame') {
      if (line.state === 'open') line.receive(message.frame)
    } else if (message.type === 'opened') {
      attempt = 0
      line.set('open')
    } else if (message.type === 'closed') {
      line.set('connecting')
      timer ??= setTimeout(open, reconnectPause(attempt++))
    }
  })
  open()
  return {
    get state() {
      return line.state
    },
    onState: (listener) => line.onState(listener),
    onFrame: (listener) => line.onFrame(listener),
    send: (frame) => bridge.send({ type: 'frame', frame }),
    reconnect: () => {
      if (line.state === 'connecting' && timer) open()
    },
    close: () => {
      clearTimeout(timer)
      line.set('closed')
    },
  }
}
