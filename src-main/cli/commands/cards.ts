import type { Card } from '../../../src-core/contract/index.ts'
import { type CommandContext, usageError, wholeNumber } from '../command.ts'
import { harmless, shownTime } from '../terminal.ts'

const PAGE = 200
const MOST = 100_000

/** Lists cards, the newest first. */
export async function cardsList(
  { terminal, json, client }: CommandContext,
  options: { state?: string; limit: string },
): Promise<void> {
  const limit = wholeNumber(options.limit, 'limit', 1, MOST)
  const { state } = options
  if (state !== undefined && state !== 'candidate' && state !== 'kept') {
    throw usageError('--state must be candidate or kept.')
  }
  const core = await client()
  const items: Card[] = []
  let cursor: string | null = null
  do {
    const page: { items: Card[]; next: string | null } = await core.cards.list({
      ...(state && { state }),
      cursor,
      limit: Math.min(PAGE, limit - items.length),
    })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null && items.length < limit)
  if (json) return terminal.json({ items })
  if (items.length === 0) terminal.remark('There are no cards yet.')
  for (const { id, createdAt, state: is, front, back } of items) {
    terminal.line(`${shownTime(createdAt)}  ${id}  ${is}  ${harmless(front)}  |  ${harmless(back)}`)
  }
}
