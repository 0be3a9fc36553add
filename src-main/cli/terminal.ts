import { errorToWire, type LvaError } from '../../src-core/kernel/index.ts'

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Part of a result, as it comes. */
  write(text: string): void
  line(text?: string): void
  /** One JSON document, the whole result of a command with `--json`. */
  json(value: unknown): void
  /** A word on what is going on, for people; not part of the result. */
  remark(text: string): void
  error(error: LvaError): void
  /** Makes text stand out, where the terminal can. */
  strong(text: string): string
}

export function openTerminal(options: { json: boolean }): Terminal {
  // A reader such as `head` that has had enough is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const canShine = process.stdout.isTTY && !process.env.NO_COLOR
  return {
    write: (text) => void process.stdout.write(text),
    line: (text = '') => void process.stdout.write(`${text}\n`),
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`),
    remark: (text) => void process.stderr.write(`${text}\n`),
    error(error) {
      if (options.json) process.stderr.write(`${JSON.stringify({ error: errorToWire(error) })}\n`)
      else process.stderr.write(`lva: ${[error.message, error.advice].filter((part) => part !== '').join(' ')}\n`)
    },
    strong: (text) => (canShine ? `\u001b[1m${text}\u001b[22m` : text),
  }
}

/** Letters of the learner's text must not steer the terminal: other control characters than line breaks and tabs are shown as `\ufffd`. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** How many there are, with the word for one or for several. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** The day of an instant, as people of this place write it. */
export function shownDay(instant: string): string {
  return day.format(new Date(instant))
}

/** An instant as people of this place write it. */
export function shownTime(instant: string): string {
  return when.format(new Date(instant))
}
