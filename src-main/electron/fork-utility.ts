import { utilityProcess } from 'electron'
import { entryFile, type ForkEntry } from '../child-process.ts'

/** Runs entries as Electron utility processes: the same files as under Node, in Electron's own sandboxed Node. */
export const forkUtility: ForkEntry = (name, parameters, environment) => {
  const child = utilityProcess.fork(entryFile(name), [...parameters], {
    serviceName: `lva ${name}`,
    stdio: 'inherit',
    // Electron does not read the limit of the heap from the environment.
    ...(environment.NODE_OPTIONS && { execArgv: environment.NODE_OPTIONS.split(' ') }),
    env: { ...process.env, ...environment },
  })
  return {
    get pid() {
      return child.pid
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill() {
      // `child.kill()` asks; a process that hangs does not answer.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}
