import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { LvaError } from '../../src-core/kernel/index.ts'

/** Asks for lines on standard error and reads them from standard input; what is typed is not shown. */
export interface Questions {
  /** @throws LvaError bad-input when there is no more to read */
  ask(question: string): Promise<string>
  close(): void
}

export function openQuestions(): Questions {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY ?? false })
  const waiting = lines[Symbol.asyncIterator]()
  return {
    async ask(question) {
      process.stderr.write(question)
      const line = await waiting.next()
      if (process.stdin.isTTY) process.stderr.write('\n')
      if (line.done) throw new LvaError('bad-input', 'There is nothing to read.', { advice: 'Type an answer.' })
      return line.value
    },
    close: () => lines.close(),
  }
}

/** Whether somebody before the terminal says yes; where nobody sits there, it is no. */
export async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const questions = openQuestions()
  try {
    return /^y(es)?$/i.test((await questions.ask(question)).trim())
  } finally {
    questions.close()
  }
}

/** The recovery phrase: from a file, or typed. @throws LvaError bad-input for a file that cannot be read */
export async function readPhrase(file: string | undefined): Promise<string> {
  if (file !== undefined) {
    try {
      return await readFile(file, 'utf8')
    } catch (cause) {
      throw new LvaError('bad-input', 'The file with the recovery phrase cannot be read.', {
        advice: 'Name another with --phrase-file, or leave it out and type the phrase.',
        cause,
      })
    }
  }
  const questions = openQuestions()
  try {
    return await questions.ask('Recovery phrase (24 words): ')
  } finally {
    questions.close()
  }
}
