import { EventEmitter } from 'node:events'

/**
 * Runs first in a utility process: gives it Electron's `process.parentPort`, and takes away what only Node's child processes have. Messages
 * wait until somebody listens, as they do there.
 */
class ParentPort extends EventEmitter {
  #early: unknown[] = []
  readonly #send = process.send?.bind(process)

  constructor() {
    super()
    process.on('message', (data) => {
      if (this.listenerCount('message') > 0) this.emit('message', { data, ports: [] })
      else this.#early.push(data)
    })
    this.on('newListener', (event) => {
      if (event === 'message')
        queueMicrotask(() => {
          for (const data of this.#early.splice(0)) this.emit('message', { data, ports: [] })
        })
    })
    // Chromium ends its utility processes itself, without a word to them.
    process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  }

  postMessage(message: unknown): void {
    this.#send?.(message)
  }
}

Object.assign(process, { parentPort: new ParentPort(), type: 'utility' })
Object.assign(process, { send: undefined })
