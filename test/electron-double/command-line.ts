/** What Electron reads from its command line. */
export interface CommandLine {
  /** Folder or file of the app, and what follows it. */
  app: string[]
  /** Chromium's switches, without their dashes. */
  switches: Record<string, string>
  /** Port of Node's inspector, where one was asked for; 0 takes a free one. */
  inspect: number | undefined
  /** Scripts that run before the app (`-r`). */
  preload: string[]
}

export function readCommandLine(words: readonly string[]): CommandLine {
  const line: CommandLine = { app: [], switches: {}, inspect: undefined, preload: [] }
  const rest = words.values()
  for (const word of rest) {
    if (line.app.length > 0) line.app.push(word)
    else if (word === '-r' || word === '--require') line.preload.push(rest.next().value ?? '')
    else if (word.startsWith('--inspect')) line.inspect = Number(word.split(/[=:]/).at(-1)) || 0
    else if (word.startsWith('--')) {
      const [name = '', value = ''] = word.slice(2).split('=')
      line.switches[name] = value
    } else line.app.push(word)
  }
  return line
}
