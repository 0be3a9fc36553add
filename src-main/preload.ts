import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, BridgeMessage } from '../src-core/contract/index.ts'

/** The one channel between page and main; `electron/page-lines.ts` has the same word, which a sandboxed script cannot import. */
const CHANNEL = 'lva'

let hear: ((message: BridgeMessage) => void) | undefined
ipcRenderer.on(CHANNEL, (_event, message: BridgeMessage) => hear?.(message))

const bridge: Bridge = {
  send: (message) => ipcRenderer.send(CHANNEL, message),
  subscribe: (listener) => {
    hear = listener
  },
}
contextBridge.exposeInMainWorld('lva', bridge)
