import type { CommandContext } from '../../command.ts'
import { harmless } from '../../terminal.ts'
import { showProgress } from '../progress.ts'

/** Takes an import back, but for what was changed since. */
export async function undoImport(context: CommandContext, id: string): Promise<void> {
  const { terminal, json, signal } = context
  const client = await context.client()
  for await (const event of await client.portable.rollBack({ id }, { signal })) {
    if (event.type === 'progress') showProgress(context, 'Taken back', event)
    else if (json) terminal.json({ removed: event.removed, kept: event.kept, keptItems: event.keptItems })
    else {
      terminal.line(`${event.removed} entries were taken back; ${event.kept} stay, because they were changed since.`)
      for (const { kind, id, words } of event.keptItems) terminal.line(`  ${kind} ${id}  ${harmless(words)}`)
    }
  }
}
