import type { Client, RestorableThing } from '../../../src-core/contract/index.ts'
import { LvaError } from '../../../src-core/kernel/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { counted, harmless, shownTime } from '../terminal.ts'

/** Lists what was deleted and can still be restored, what was deleted last first. */
export async function deletedList(context: CommandContext): Promise<void> {
  const { terminal, json } = context
  const { things } = await (await context.client()).forgetting.list()
  if (json) return terminal.json({ things })
  if (things.length === 0) terminal.remark('Nothing is deleted.')
  for (const thing of things) terminal.line(thingLine(thing))
}

/** Restores what was deleted: things by their id, or all. */
export async function restoreDeleted(
  context: CommandContext,
  ids: readonly string[],
  { all = false }: { all?: boolean },
): Promise<void> {
  const { terminal, json } = context
  if (all === ids.length > 0)
    throw usageError('Say what to restore: ids, or --all.', 'lva deleted lists what can be restored.')
  const client = await context.client()
  const things = all ? (await client.forgetting.list()).things : await thingsOf(client, ids)
  if (things.length > 0) await client.forgetting.restore({ things: things.map(({ kind, id }) => ({ kind, id })) })
  if (json) return terminal.json({ restored: things })
  terminal.line(`Restored: ${things.length}.`)
}

/** The deleted things of these ids. @throws LvaError not-found */
export async function thingsOf(client: Client, ids: readonly string[]): Promise<RestorableThing[]> {
  const { things } = await client.forgetting.list()
  return ids.map((id) => {
    const thing = things.find((each) => each.id === id)
    if (thing) return thing
    throw new LvaError('not-found', `Nothing that is deleted has the id ${harmless(id)}.`, {
      advice: 'lva deleted lists what can be restored.',
    })
  })
}

function thingLine({ kind, id, at, words, entries, isFrame, hoursLeft }: RestorableThing): string {
  const what = isFrame ? 'frame' : kind === 'session' ? `session (${counted(entries, 'entry', 'entries')})` : kind
  const left =
    hoursLeft === null ? 'waits for you: it was edited after it was deleted' : `${Math.ceil(hoursLeft)} h left`
  return `${id}  ${shownTime(at)}  ${what}  ${left}  ${harmless(words)}`
}
