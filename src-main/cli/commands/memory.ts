import type { Client, Memory, StatementKind } from '../../../src-core/contract/index.ts'
import { type CommandContext, usageError, wholeNumber } from '../command.ts'
import { harmless, shownTime } from '../terminal.ts'

const KINDS: readonly StatementKind[] = ['fact', 'preference', 'goal']
const PAGE = 200
const MOST = 100_000

/** Lists what is known of the learner, proposals first. */
export async function memoryList(
  { terminal, json, client }: CommandContext,
  options: { state?: string; query?: string; limit: string },
): Promise<void> {
  const limit = wholeNumber(options.limit, 'limit', 1, MOST)
  const { state } = options
  if (state !== undefined && state !== 'proposed' && state !== 'accepted') {
    throw usageError('--state must be proposed or accepted.')
  }
  const states: readonly Memory['state'][] = state === undefined ? ['proposed', 'accepted'] : [state]
  const core = await client()
  const items: Memory[] = []
  for (const each of states) items.push(...(await read(core, each, limit - items.length, options.query)))
  if (json) return terminal.json({ items })
  if (items.length === 0) terminal.remark('Nothing is known yet. Say what you prefer or aim at, or use lva memory add.')
  for (const item of items) terminal.line(memoryLine(item))
}

/** Accepts proposals: those named, or all. */
export async function memoryAccept(
  { terminal, json, client }: CommandContext,
  ids: readonly string[],
  options: { all?: boolean },
): Promise<void> {
  const core = await client()
  const wanted = options.all ? (await read(core, 'proposed', MOST)).map(({ id }) => id) : [...ids]
  if (wanted.length === 0 && !options.all) throw usageError('Name what is to be accepted, or use --all.')
  const { items } = wanted.length === 0 ? { items: [] } : await core.memories.accept({ ids: wanted })
  if (json) return terminal.json({ items })
  for (const item of items) terminal.line(memoryLine(item))
  terminal.remark(`${items.length} accepted.`)
}

/** Forgets for good: the process that could undo it ends with the command. */
export async function memoryForget({ terminal, json, client }: CommandContext, ids: readonly string[]): Promise<void> {
  const core = await client()
  const done = await core.memories.forget({ ids: [...ids] })
  if (json) return terminal.json(done)
  terminal.line(`${done.memories} forgotten, with ${done.cards} cards that rested on it.`)
  terminal.remark('What was said stays in its conversation until that is deleted too.')
}

export async function memoryAdd(
  { terminal, json, client }: CommandContext,
  words: readonly string[],
  options: { kind: string },
): Promise<void> {
  const kind = KINDS.find((known) => known === options.kind)
  if (!kind) throw usageError(`--kind must be one of ${KINDS.join(', ')}.`)
  const memory = await (await client()).memories.add({ text: words.join(' '), kind })
  if (json) return terminal.json(memory)
  terminal.line(memoryLine(memory))
}

async function read(core: Client, state: Memory['state'], limit: number, query?: string): Promise<Memory[]> {
  const items: Memory[] = []
  let cursor: string | null = null
  while (items.length < limit) {
    const page: { items: Memory[]; next: string | null } = await core.memories.list({
      state,
      ...(query !== undefined && { query }),
      cursor,
      limit: Math.min(PAGE, limit - items.length),
    })
    items.push(...page.items)
    cursor = page.next
    if (cursor === null) break
  }
  return items
}

function memoryLine({ id, text, kind, state, createdAt, validTo, receipt }: Memory): string {
  const ended = validTo === null ? '' : `  until ${shownTime(validTo)}`
  const unheld = receipt && !receipt.holds ? '  (its words are gone)' : ''
  return `${shownTime(createdAt)}  ${id}  ${state}  ${kind}  ${harmless(text)}${ended}${unheld}`
}
