/** A child process's line to the host that forked it. Messages are structured clones, delivered in order. */
export interface HostPort {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the host has gone without a word; the process should then close what it holds and end. */
  onGone(listener: () => void): void
}

interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * The line of this process to its host: Electron's `parentPort` in a utilityProcess, the IPC channel in a Node child process.
 * @throws Error when this process was not forked by a host
 */
export function hostPort(): HostPort {
  const electron = (process as { parentPort?: ElectronParentPort | null }).parentPort
  if (electron) {
    return {
      send: (message) => electron.postMessage(message),
      onMessage: (listener) => electron.on('message', (event) => listener(event.data)),
      // Chromium ends its utility processes itself when the browser process goes, without a word to them.
      onGone: () => undefined,
    }
  }
  if (!process.send) throw new Error('this program is started by its host and not by hand')
  return {
    send: (message) => {
      // A host that has just gone makes `send` throw; `disconnect` follows and ends the process.
      if (process.connected) process.send?.(message)
    },
    onMessage: (listener) => void process.on('message', listener),
    onGone: (listener) => void process.once('disconnect', listener),
  }
}
