import type { Client, SearchRequest } from '../../../src-core/contract/index.ts'
import { isLvaError, LvaError } from '../../../src-core/kernel/index.ts'
import { instant, usageError } from '../command.ts'

export interface FilterOptions {
  from?: string
  to?: string
  session?: string
  source?: string[]
  document?: string
  collection?: string
  tag?: string
  concept?: string
  language?: string[]
}

interface Named {
  id: string
  name: string
}

type Filters = NonNullable<SearchRequest['filters']>

const SOURCES = ['text', 'voice', 'note', 'document', 'import', 'cli', 'screen'] as const
/** Entries asked for in one go. */
const PART = 200
const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })

/** What can be told without the memory. @throws LvaError bad-input */
export function plainFilters({ from, to, source, language }: FilterOptions): Filters {
  return {
    ...(from && { from: instant(from, 'from') }),
    ...(to && { to: instant(to, 'to') }),
    ...(source && { sources: source.map(knownSource) }),
    ...(language && { languages: language.map(knownLanguage) }),
  }
}

/** Ids of what was named. @throws LvaError not-found for a name that nothing has, bad-input for one that several have */
export async function resolvedFilters(client: Client, options: FilterOptions, signal: AbortSignal): Promise<Filters> {
  const { session, document, collection, tag, concept } = options
  return {
    ...(session && { sessionId: await sessionId(client, session, signal) }),
    ...(document && { documentId: await documentId(client, document, signal) }),
    ...(collection && { collectionId: await collectionId(client, collection, signal) }),
    ...(tag && { tag: await knownTag(client, tag, signal) }),
    ...(concept && { concept }),
  }
}

function knownSource(name: string): (typeof SOURCES)[number] {
  const found = SOURCES.find((source) => source === name)
  if (!found) throw usageError(`--source must be one of ${SOURCES.join(', ')}.`)
  return found
}

function knownLanguage(code: string): string {
  const isCode = /^[a-z]{2}$/.test(code) && languageNames.of(code) !== undefined
  if (!isCode) throw usageError(`--language must be a code such as en, de or es; there is no language "${code}".`)
  return code
}

async function sessionId(client: Client, name: string, signal: AbortSignal): Promise<string> {
  const byId = await unlessMissing(client.sessions.get({ id: name }, { signal }))
  if (byId) return byId.id
  const all = await everything((cursor) => client.sessions.list({ cursor, limit: PART }, { signal }))
  return theOne(
    'session',
    name,
    all.map(({ id, title }) => ({ id, name: title ?? '' })),
    'lva list --sessions',
  )
}

async function documentId(client: Client, name: string, signal: AbortSignal): Promise<string> {
  const byId = await unlessMissing(client.documents.get({ id: name }, { signal }))
  if (byId) return byId.id
  const all = await everything((cursor) => client.documents.list({ title: name, cursor, limit: PART }, { signal }))
  return theOne(
    'document',
    name,
    all.map(({ id, title }) => ({ id, name: title })),
    'lva list --documents',
  )
}

async function collectionId(client: Client, name: string, signal: AbortSignal): Promise<string> {
  const { collections } = await client.collections.list(undefined, { signal })
  return theOne('collection', name, collections, listed(collections.map((one) => one.name)))
}

/** Id of the collection with this name or id, if there is one. @throws LvaError bad-input for a name that several have */
export async function collectionNamed(client: Client, name: string, signal: AbortSignal): Promise<string | undefined> {
  return theOneOrNone('collection', name, (await client.collections.list(undefined, { signal })).collections)
}

async function knownTag(client: Client, name: string, signal: AbortSignal): Promise<string> {
  const { tags } = await client.documents.tags(undefined, { signal })
  const found = tags.find(({ tag }) => tag.toLowerCase() === name.toLowerCase())
  if (!found) throw unknown('tag', name, listed(tags.map(({ tag }) => tag)))
  return found.tag
}

/** The id of what has a name, whatever its case. */
function theOne(kind: string, name: string, all: readonly Named[], where: string): string {
  const found = theOneOrNone(kind, name, all)
  if (found === undefined) throw unknown(kind, name, where)
  return found
}

/** The id of what has this id, or else this name, whatever its case. */
function theOneOrNone(kind: string, name: string, all: readonly Named[]): string | undefined {
  if (all.some(({ id }) => id === name)) return name
  const same = all.filter((one) => one.name.toLowerCase() === name.toLowerCase())
  if (same.length > 1)
    throw usageError(
      `Several ${kind}s are named "${name}".`,
      `Name one by its id: ${same.map(({ id }) => id).join(', ')}.`,
    )
  return same[0]?.id
}

function unknown(kind: string, name: string, where: string): LvaError {
  const advice = where.startsWith('lva') ? `"${where}" shows what there is.` : where
  return new LvaError('not-found', `There is no ${kind} "${name}".`, { advice })
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'There is none yet.' : `There are ${names.join(', ')}.`
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isLvaError(error, 'not-found')) return undefined
    throw error
  }
}

async function everything<T>(
  page: (cursor: string | null) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = []
  let cursor: string | null = null
  do {
    const { items, next }: { items: T[]; next: string | null } = await page(cursor)
    all.push(...items)
    cursor = next
  } while (cursor !== null)
  return all
}
