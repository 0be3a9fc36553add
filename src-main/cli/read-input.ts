import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { LvaError } from '../../src-core/kernel/index.ts'
import { usageError } from './command.ts'

/** What the learner gave a command to work on. */
export type Input = { kind: 'text'; text: string; from: 'cli' | 'import' } | { kind: 'sound'; bytes: Uint8Array }

/**
 * The words of a command line: `-`, or nothing while something is piped in, reads standard input; one word that names a file reads the
 * file; anything else is the text itself.
 * @param isText takes the words as text also where they name a file
 * @throws LvaError bad-input when there is nothing to read
 */
export async function readInput(words: readonly string[], isText = false): Promise<Input> {
  const [first] = words
  if (first === undefined && process.stdin.isTTY)
    throw usageError('There is nothing to read.', 'Give a text, a file, or - for standard input.')
  if (first === undefined || (words.length === 1 && first === '-'))
    return { kind: 'text', text: asText(await readStandardInput(), 'standard input'), from: 'cli' }
  if (!isText && words.length === 1 && (await isFile(first))) return readInputFile(first)
  return { kind: 'text', text: words.join(' '), from: 'cli' }
}

async function readInputFile(path: string): Promise<Input> {
  const bytes = await readFile(path)
  if (extname(path).toLowerCase() === '.wav') return { kind: 'sound', bytes: new Uint8Array(bytes) }
  return { kind: 'text', text: asText(bytes, path), from: 'import' }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined) // no such file: then it is a text
  return found?.isFile() ?? false
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** @throws LvaError bad-input for bytes that are not UTF-8 */
function asText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new LvaError('bad-input', `${name} is not text.`, {
      advice: 'Texts, Markdown files and WAV recordings can be added.',
      cause: error,
    })
  }
}
