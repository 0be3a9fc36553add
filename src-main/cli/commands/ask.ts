import type { Answer, Capture } from '../../../src-core/contract/index.ts'
import { LvaError } from '../../../src-core/kernel/index.ts'
import { catchUp } from '../catch-up.ts'
import { type CommandContext, usageError } from '../command.ts'
import { readInput } from '../read-input.ts'
import { harmless, shownTime } from '../terminal.ts'

/** Somebody waits for the answer; the newest entries may be missing from it. */
const CATCH_UP_MS = 10_000

/** Asks, and prints the answer as it comes. The exchange is kept like any other. */
export async function ask(context: CommandContext, words: string[], options: { session?: string }): Promise<void> {
  const { terminal, json, signal } = context
  const input = await readInput(words, true)
  if (input.kind !== 'text') throw usageError('A question is a text.')
  const client = await context.client()
  await catchUp(client, context, CATCH_UP_MS)
  const turn = { sessionId: options.session ?? null, text: input.text, source: 'cli' as const }
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

function printSources({ terminal }: CommandContext, answer: Answer): void {
  if (answer.citations.length > 0) terminal.line()
  for (const { number, when, captureId, text } of answer.citations) {
    const beginning = harmless(text).replace(/\s+/g, ' ').slice(0, 100)
    terminal.line(`[${number}] ${shownTime(when)}  ${beginning}  (${captureId})`)
  }
  terminal.remark(`${answer.provider}, ${answer.model}`)
}
