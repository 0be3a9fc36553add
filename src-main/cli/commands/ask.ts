import { resolve } from 'node:path'
import { readAtRest } from '../../../src-core/capture/index.ts'
import type { Answer, Capture, Client } from '../../../src-core/contract/index.ts'
import { LvaError, systemClock } from '../../../src-core/kernel/index.ts'
import { catchUp } from '../catch-up.ts'
import { type CommandContext, usageError } from '../command.ts'
import { readInput } from '../read-input.ts'
import { harmless, shownTime } from '../terminal.ts'

/** Somebody waits for the answer; the newest entries may be missing from it. */
const CATCH_UP_MS = 10_000
/** What is not even looked at, in MB of 2^20 bytes; the core knows the limit itself, which is never higher. */
const LARGEST_FILE_MB = 50

/** What is asked of pictures where nothing is said. */
const ABOUT_PICTURES = 'What is this?'

/** Asks, about pictures perhaps, and prints the answer as it comes. The exchange is kept like any other. */
export async function ask(
  context: CommandContext,
  words: string[],
  options: { session?: string; picture?: string[] },
): Promise<void> {
  const { terminal, json, signal } = context
  const { picture: paths = [] } = options
  const input = await readInput(words.length === 0 && paths.length > 0 ? [ABOUT_PICTURES] : words, true)
  if (input.kind !== 'text') throw usageError('A question is a text.')
  const client = await context.client()
  const pictures: string[] = []
  for (const path of paths) pictures.push(await keep(client, path, signal))
  await catchUp(client, context, CATCH_UP_MS)
  const turn = {
    ...{ sessionId: options.session ?? null, text: input.text, source: 'cli' as const },
    ...(pictures.length > 0 && { pictures }),
  }
  let done: Capture | undefined
  for await (const event of await client.turns.send(turn, { signal })) {
    if (event.type === 'delta' && !json) terminal.write(harmless(event.text))
    if (event.type === 'done') done = event.capture
  }
  if (!done?.answer) throw new LvaError('cancelled', 'The answer was stopped.')
  if (json) return terminal.json(done)
  terminal.line()
  printSources(context, done.answer)
}

async function keep(client: Client, path: string, signal: AbortSignal): Promise<string> {
  const bytes = await readAtRest(resolve(path), LARGEST_FILE_MB, systemClock)
  return (await client.pictures.add({ picture: new Blob([bytes]) }, { signal })).sha256
}

function printSources({ terminal }: CommandContext, answer: Answer): void {
  if (answer.citations.length > 0) terminal.line()
  for (const { number, when, captureId, text, place } of answer.citations) {
    const beginning = harmless(text).replace(/\s+/g, ' ').slice(0, 100)
    const which = place?.picture === undefined ? '' : `  picture ${place.picture}`
    terminal.line(`[${number}] ${shownTime(when)}${which}  ${beginning}  (${captureId})`)
  }
  terminal.remark(`${answer.provider}, ${answer.model}`)
}
