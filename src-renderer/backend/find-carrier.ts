import { type Bridge, bridgeCarrier, type Carrier, webSocketCarrier } from '../../src-core/contract/index.ts'

declare global {
  interface Window {
    /** Put there by Electron's preload script; absent in a browser. */
    lva?: Bridge
  }
}

/** The way to the core from where this page runs: the preload's bridge in a desktop window, else a WebSocket to the page's own host. */
export function findCarrier(page: Window): Carrier {
  if (page.lva) return bridgeCarrier(page.lva)
  const address = new URL('/rpc', page.location.href)
  const socket = new URL(address)
  socket.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return webSocketCarrier({
    url: socket.href,
    probe: async () => (await fetch(address, { cache: 'no-store' })).status,
  })
}
