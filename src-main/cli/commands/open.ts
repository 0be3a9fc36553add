import { readLink } from '../../../src-core/contract/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { list } from './list.ts'
import { search } from './search.ts'
import { show } from './show.ts'

const SEARCHED = { limit: '10', mode: 'hybrid' }
const LISTED = { limit: '50' }

/**
 * Shows what a link names (docs/desktop.md §2): in the window that is open, else here. It stores nothing.
 * @throws LvaError link-invalid, not-found
 */
export async function open(context: CommandContext, text: string): Promise<void> {
  const link = readLink(text)
  const client = await context.client()
  const { shown } = await client.app.open({ link: text })
  if (shown) {
    if (context.json) context.terminal.json({ shown })
    else context.terminal.remark('The window that is open shows it.')
    return
  }
  if (link.kind === 'quick')
    throw usageError('No window is open for these words.', 'Start the program, or: lva add TEXT')
  if (link.kind === 'search') return search(context, [link.q], SEARCHED)
  if (link.kind !== 'session') return show(context, link.id)
  await client.sessions.get({ id: link.id })
  return list(context, { ...LISTED, session: link.id, oldest: true })
}
