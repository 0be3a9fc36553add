import { type Carrier, CarrierState, reconnectPause } from './carrier.ts'

export interface WebSocketCarrierOptions {
  /** ws:// or wss:// address of the host's `/rpc`. */
  url: string
  /**
   * Answers the HTTP status with which the host meets this client at the same address. A browser is not told why a WebSocket was
   * refused; a plain request is. Left out, a refusal looks like an absent host.
   */
  probe?: () => Promise<number>
  /** Makes the socket; for programs that are no browser and have to bring their own cookie. */
  open?: (url: string) => WebSocket
}

/** Bytes that may wait in the browser's buffer before `send` makes its caller wait. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024
const DRAIN_CHECK_MS = 20

/** Carries frames over a WebSocket, and opens another one, after a growing pause, whenever it is lost. */
export function webSocketCarrier(options: WebSocketCarrierOptions): Carrier {
  const line = new CarrierState()
  let socket: WebSocket | undefined
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const connect = () => {
    clearTimeout(timer)
    timer = undefined
    line.set('connecting')
    const own = options.open?.(options.url) ?? new WebSocket(options.url)
    own.binaryType = 'arraybuffer'
    socket = own
    own.addEventListener('open', () => {
      attempt = 0
      line.set('open')
    })
    own.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      line.receive(typeof event.data === 'string' ? event.data : new Uint8Array(event.data))
    })
    // `close` follows every `error` and is the one that acts.
    own.addEventListener('close', () => {
      if (socket !== own || line.state === 'closed') return
      socket = undefined
      void lost()
    })
  }

  const lost = async () => {
    const wasOpen = line.state === 'open'
    line.set('connecting')
    const refused = !wasOpen && options.probe && (await options.probe().catch(() => 0)) === 401
    if (socket || line.state === 'closed') return
    if (refused) line.set('unauthorized')
    else timer = setTimeout(connect, reconnectPause(attempt++))
  }

  connect()
  return {
    get state() {
      return line.state
    },
    onState: (listener) => line.onState(listener),
    onFrame: (listener) => line.onFrame(listener),
    async send(frame) {
      const own = socket
      if (own?.readyState !== WebSocket.OPEN) return
      own.send(frame as string | Uint8Array<ArrayBuffer>)
      while (own.readyState === WebSocket.OPEN && own.bufferedAmount > HIGH_WATER_BYTES)
        await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
    },
    reconnect: () => {
      if (!socket && line.state !== 'closed') connect()
    },
    close: () => {
      line.set('closed')
      clearTimeout(timer)
      socket?.close()
    },
  }
}
