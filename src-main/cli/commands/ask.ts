import { resolve } from 'node:path'
import { readAtRest } from '../../../src-core/capture/index.ts'
import type { Capture, Client } from '../../../src-core/contract/index.ts'
import { LvaError, systemClock } from '../../../src-core/kernel/index.ts'
import { catchUp } from '../catch-up.ts'
import { type CommandContext, usageError } from '../command.ts'
import { readInput } from '../read-input.ts'
import { harmless } from '../terminal.ts'
import { agreement } from './agree.ts'
import { printAddition, printWhatBelongsTo } from './print-answer.ts'

/** Somebody waits for the answer; the newest entries may be missing from it. */
const CATCH_UP_MS = 10_000
/** What is not even looked at, in MB of 2^20 bytes; the core knows the limit itself, which is never higher. */
const LARGEST_FILE_MB = 50

const MODES = ['answer', 'ask-first', 'socratic'] as const

/** What is asked of pictures where nothing is said. */
const ABOUT_PICTURES = 'What is this?'

/** Asks, about pictures perhaps, and prints the answer as it comes. The exchange is kept like any other. */
export async function ask(
  context: CommandContext,
  words: string[],
  options: { session?: string; picture?: string[]; yes?: boolean; mode?: string },
): Promise<void> {
  const { terminal, json, signal } = context
  const { picture: paths = [] } = options
  const mode = MODES.find((known) => known === options.mode)
  if (options.mode !== undefined && !mode) throw usageError(`--mode is one of ${MODES.join(', ')}.`)
  const input = await readInput(words.length === 0 && paths.length > 0 ? [ABOUT_PICTURES] : words, true)
  if (input.kind !== 'text') throw usageError('A question is a text.')
  const client = await context.client()
  const pictures: string[] = []
  for (const path of paths) pictures.push(await keep(client, path, signal))
  await catchUp(client, context, CATCH_UP_MS)
  const turn = {
    ...{ sessionId: options.session ?? null, text: input.text, source: 'cli' as const },
    ...(pictures.length > 0 && { pictures }),
    ...(mode && { mode }),
  }
  const agreed = agreement(context, client, options.yes === true)
  let done: Capture | undefined
  try {
    for await (const event of await client.turns.send(turn, { signal })) {
      if (event.type === 'done') done = event.capture
      if (event.type === 'consent') agreed.hear(event)
      if (json) continue
      if (event.type === 'delta') terminal.write(harmless(event.text))
      // Another agent answers in place of the one that spoke.
      if (event.type === 'withdrawn') terminal.line('\n...')
      if (event.type === 'addition') printAddition(context, event.agent, event.text)
    }
  } finally {
    agreed.close()
  }
  if (!done?.answer) throw new LvaError('cancelled', 'The answer was stopped.')
  if (json) return terminal.json(done)
  terminal.line()
  printWhatBelongsTo(context, done.answer)
}

async function keep(client: Client, path: string, signal: AbortSignal): Promise<string> {
  const bytes = await readAtRest(resolve(path), LARGEST_FILE_MB, systemClock)
  return (await client.pictures.add({ picture: new Blob([bytes]) }, { signal })).sha256
}
