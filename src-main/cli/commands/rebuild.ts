import type { RebuildEvent } from '../../../src-core/contract/index.ts'
import type { CommandContext } from '../command.ts'

const NAMES = {
  tables: 'Documents into tables',
  index: 'Entries into the index',
  concepts: 'Texts read for concepts',
} as const

/** Makes every table from the documents anew, then everything derived from the tables. */
export async function rebuild(context: CommandContext): Promise<void> {
  const { terminal, json, signal } = context
  const client = await context.client()
  const last: Partial<Record<RebuildEvent['phase'], number>> = {}
  for await (const { phase, done, total } of await client.app.rebuild(undefined, { signal })) {
    last[phase] = total
    if (!json && (done === total || process.stderr.isTTY)) terminal.remark(`${NAMES[phase]}: ${done} of ${total}`)
  }
  if (json) terminal.json({ documents: last.tables ?? 0, entries: last.index ?? 0, concepts: last.concepts ?? 0 })
  else terminal.line('Everything was rebuilt.')
}
