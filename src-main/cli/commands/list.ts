import type { Capture, Client, LearnerDocument, Session } from '../../../src-core/contract/index.ts'
import { type CommandContext, instant, wholeNumber } from '../command.ts'
import { harmless, shownTime } from '../terminal.ts'

export interface ListOptions {
  limit: string
  session?: string
  sessions?: boolean
  documents?: boolean
  from?: string
  to?: string
  oldest?: boolean
}

const MOST = 100_000
const PAGE = 200
const SHOWN_LENGTH = 100

/** Lists captures, or sessions, the newest first. */
export async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { terminal, json } = context
  const limit = wholeNumber(options.limit, 'limit', 1, MOST)
  const client = await context.client()
  if (options.documents) {
    const documents = await allPages(limit, (page) => client.documents.list(page))
    if (json) return terminal.json({ items: documents })
    if (documents.length === 0) terminal.remark('There is nothing yet.')
    for (const document of documents) terminal.line(documentLine(document))
    return
  }
  const items = options.sessions ? await sessions(client, limit) : await captures(client, limit, options)
  if (json) return terminal.json({ items })
  if (items.length === 0) terminal.remark('There is nothing yet.')
  for (const item of items) terminal.line('userText' in item ? captureLine(item) : sessionLine(item))
}

function captures(client: Client, limit: number, options: ListOptions): Promise<Capture[]> {
  const filter = {
    ...(options.session && { sessionId: options.session }),
    ...(options.from && { from: instant(options.from, 'from') }),
    ...(options.to && { to: instant(options.to, 'to') }),
    order: options.oldest ? ('oldest' as const) : ('newest' as const),
  }
  return allPages(limit, (page) => client.captures.list({ ...filter, ...page }))
}

function sessions(client: Client, limit: number): Promise<Session[]> {
  return allPages(limit, (page) => client.sessions.list(page))
}

async function allPages<T>(
  limit: number,
  read: (page: { cursor: string | null; limit: number }) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page = await read({ cursor, limit: Math.min(PAGE, limit - items.length) })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null && items.length < limit)
  return items
}

function captureLine({ id, createdAt, userText }: Capture): string {
  return `${shownTime(createdAt)}  ${id}  ${beginning(userText)}`
}

function documentLine({ id, createdAt, format, state, error, title }: LearnerDocument): string {
  return `${shownTime(createdAt)}  ${id}  ${format}  ${error?.code ?? state}  ${beginning(title)}`
}

function sessionLine({ id, lastAt, captureCount, title, preview }: Session): string {
  return `${shownTime(lastAt)}  ${id}  ${captureCount} captures  ${beginning(title ?? preview)}`
}

function beginning(text: string): string {
  const line = harmless(text).replace(/\s+/g, ' ').trim()
  return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH - 1)}…` : line
}
