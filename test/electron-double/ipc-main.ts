import { EventEmitter } from 'node:events'

/** `electron.ipcMain` with its one-way half; this product has no other. */
export class IpcMain extends EventEmitter {}
