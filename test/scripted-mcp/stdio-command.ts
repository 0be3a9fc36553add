import { resolve } from 'node:path'

/** The command line of the scripted server, with a behaviour of `stdio-server.ts`. */
export function scriptedCommand(behaviour = 'good'): string {
  const words = [process.execPath, resolve(import.meta.dirname, 'stdio-server.ts'), behaviour]
  return words.map((word) => `"${word}"`).join(' ')
}
