import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, BridgeMessage } from '../src-core/contract/index.ts'

/** The one channel between page and main; `electron/page-lines.ts` has the same word, which a sandboxed script cannot import. */
const CHANNEL = 'lva'

const listeners: ((message: BridgeMessage) => void)[] = []
ipcRenderer.on(CHANNEL, (_event, message: BridgeMessage) => {
  for (const hear of listeners) hear(message)
})

const bridge: Bridge = {
  send: (message) => ipcRenderer.send(CHANNEL, message),
  subscribe: (listener) => {
    listeners.push(listener)
  },
}
contextBridge.exposeInMainWorld('lva', bridge)
