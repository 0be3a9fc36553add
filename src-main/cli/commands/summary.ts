import { LvaError } from '../../../src-core/kernel/index.ts'
import { catchUp } from '../catch-up.ts'
import { type CommandContext, usageError } from '../command.ts'
import { harmless } from '../terminal.ts'
import { printWhatBelongsTo } from './print-answer.ts'

/** Somebody waits; what is newest is then summed up word for word. */
const CATCH_UP_MS = 10_000

/** Sums up one session or one day, and prints it as it comes. It is not kept. */
export async function summary(context: CommandContext, options: { session?: string; day?: string }): Promise<void> {
  const { terminal, json, signal } = context
  const of = whatOf(options)
  const client = await context.client()
  await catchUp(client, context, CATCH_UP_MS)
  for await (const event of await client.summaries.make({ of }, { signal })) {
    if (event.type === 'delta' && !json) terminal.write(harmless(event.text))
    if (event.type !== 'done') continue
    if (json) return terminal.json(event.summary)
    terminal.line()
    printWhatBelongsTo(context, { ...event.summary, agentsUsed: [] })
    const { length } = event.summary.cards
    if (length > 0) terminal.line(`Cards from it: ${length} (lva cards list)`)
    return
  }
  throw new LvaError('cancelled', 'The summary was stopped.')
}

function whatOf({ session, day }: { session?: string; day?: string }): { session: string } | { day: string } {
  if (session !== undefined && day === undefined) return { session }
  if (day === undefined || session !== undefined) throw usageError('Give --session or --day, one of them.')
  const instant = new Date(`${day}T00:00:00Z`)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(instant.getTime())
  if (!isDay || instant.toISOString().slice(0, 10) !== day) throw usageError('--day is a date such as 2026-11-26.')
  return { day }
}
