import type { CommandContext } from '../../command.ts'
import { harmless, shownTime } from '../../terminal.ts'

/** Lists the imports, the newest first. */
export async function listImports({ client, terminal, json }: CommandContext): Promise<void> {
  const { imports } = await (await client()).portable.imports()
  if (json) return terminal.json({ imports })
  if (imports.length === 0) terminal.remark('Nothing was imported yet.')
  for (const { id, at, kind, name, counts, finishedAt, rolledBackAt } of imports) {
    const state = rolledBackAt ? 'taken back' : finishedAt ? 'complete' : 'cut off'
    terminal.line(
      `${shownTime(at)}  ${id}  ${kind}  ${harmless(name)}  ${counts.captures} captures, ${counts.notes} notes, ${counts.documents} documents  ${state}`,
    )
  }
}
