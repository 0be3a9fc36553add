import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Parser } from 'htmlparser2'
import { LvaError } from '../../kernel/index.ts'
import { readBytes } from '../sources/text.ts'
import { unpackZstd } from '../sources/unpack-zstd.ts'
import { contentId, fitTitle, instantOf, noteItems, problem } from './items.ts'
import { readFields } from './protocol-buffer.ts'
import type { Attachment, ImportItem, ReadContext } from './types.ts'

/** Bytes of a collection once it is unpacked, at most. */
const LARGEST_COLLECTION = 8 * 2 ** 30
const LARGEST_MEDIA_LIST = 64 * 2 ** 20
/** Between the fields of a note. */
const FIELD_END = '\u001f'

interface NoteType {
  name: string
  fields: string[]
}

/** Anki's packages and collections, schema 11 (`collection.anki2`, `.anki21`) and 18 (`.anki21b`, compressed). */
export async function* readAnki(context: ReadContext): AsyncGenerator<ImportItem> {
  const { source, signal } = context
  // A new package holds an old collection as well, with a single note that asks for an update.
  const file =
    ['collection.anki21b', 'collection.anki21', 'collection.anki2']
      .map((name) => source.files.find(({ path }) => path === name))
      .find((found) => found !== undefined) ?? source.files[0]
  if (!file) return
  const folder = await mkdtemp(join(tmpdir(), 'lva-anki-'))
  try {
    const path = join(folder, 'collection')
    const isPacked = file.path.endsWith('b') && source.files.length > 1
    const bytes = isPacked ? unpackZstd(source.read(file), LARGEST_COLLECTION) : source.read(file)
    try {
      await pipeline(bytes, createWriteStream(path), { signal })
    } catch (cause) {
      if (cause instanceof LvaError || signal.aborted) throw cause
      throw unreadable(cause)
    }
    const media = yield* mediaOf(context)
    yield* notesOf(context, path, file.path, media)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* notesOf(
  context: ReadContext,
  path: string,
  place: string,
  media: ReadonlyMap<string, Media>,
): AsyncGenerator<ImportItem> {
  const { DatabaseSync } = await import('node:sqlite')
  const { now, longestText, signal } = context
  let database: InstanceType<typeof DatabaseSync> | undefined
  try {
    forgetOwnCollation(new DatabaseSync(path))
    database = new DatabaseSync(path, { readOnly: true })
    const { types, decks } = readTypes(database)
    const cards = database.prepare('select * from cards where nid = ? order by ord')
    const reviews = database.prepare('select * from revlog where cid = ? order by id')
    for (const note of database.prepare('select id, guid, mid, mod, tags, flds from notes order by id').iterate()) {
      signal.throwIfAborted()
      const type = types.get(String(note.mid)) ?? { name: '', fields: [] }
      const values = String(note.flds).split(FIELD_END)
      const fields = values.map((value, index) => ({ name: type.fields[index] ?? `Field ${index + 1}`, value }))
      const texts = fields.map(({ name, value }) => ({ name, ...readHtml(value) }))
      const [front] = texts
      const files = texts.flatMap(({ files: names }) => names)
      const attachments = [...new Set(files)].flatMap((name): Attachment[] => {
        const found = media.get(name)
        return found ? [{ ...found, name }] : []
      })
      const createdAt = instantOf(Number(note.id)) ?? now
      yield* noteItems(
        {
          id: contentId('anki', String(note.guid), String(note.flds)),
          title: fitTitle(front?.text.split('\n')[0] ?? '') || 'Anki',
          body: texts
            .filter(({ text }) => text !== '')
            .map(({ name, text }) => `**${name}**\n\n${text}`)
            .join('\n\n'),
          createdAt,
          updatedAt: instantOf(Number(note.mod)) ?? createdAt,
          metadata: {
            from: 'anki',
            tags: String(note.tags)
              .trim()
              .split(/\s+/)
              .filter((tag) => tag !== ''),
            anki: {
              guid: note.guid,
              noteType: type.name,
              fields,
              cards: cards.all(note.id as number).map(({ data, ...card }) => ({
                ...card,
                deck: decks.get(String(card.did)) ?? '',
                reviews: reviews.all(card.id as number),
              })),
            },
          },
        },
        attachments,
        place,
        longestText,
      )
    }
  } catch (error) {
    if (signal.aborted || error instanceof LvaError) throw error
    if (!(error instanceof Error) || !String((error as NodeJS.ErrnoException).code).startsWith('ERR_SQLITE'))
      throw error
    throw unreadable(error)
  } finally {
    database?.close()
  }
}

/**
 * Names are sorted by a collation that only Anki has, and SQLite opens no index without it. In our copy of the collection another one stands
 * in its place, which reading whole tables never asks.
 */
function forgetOwnCollation(database: import('node:sqlite').DatabaseSync): void {
  try {
    database.enableDefensive(false)
    database.exec(`pragma writable_schema = on;
      update sqlite_master set sql = replace(replace(sql, 'COLLATE unicase', 'COLLATE nocase'), 'collate unicase', 'collate nocase')
      where sql like '%collate unicase%'`)
  } finally {
    database.close()
  }
}

/** Note types and decks by id; schema 11 keeps them as JSON in the one row of `col`. */
function readTypes(database: import('node:sqlite').DatabaseSync) {
  const types = new Map<string, NoteType>()
  const decks = new Map<string, string>()
  const isNew =
    database.prepare("select name from sqlite_master where type = 'table' and name = 'notetypes'").all().length > 0
  if (isNew) {
    for (const { id, name } of database.prepare('select id, name from notetypes').all())
      types.set(String(id), { name: String(name), fields: [] })
    for (const { ntid, ord, name } of database.prepare('select ntid, ord, name from fields').all()) {
      const type = types.get(String(ntid))
      if (type) type.fields[Number(ord)] = String(name)
    }
    for (const { id, name } of database.prepare('select id, name from decks').all())
      decks.set(String(id), String(name).replaceAll(FIELD_END, '::'))
    return { types, decks }
  }
  const row = database.prepare('select models, decks from col').get()
  for (const [id, model] of Object.entries(parsed(row?.models))) {
    const fields = Array.isArray(model.flds) ? model.flds : []
    types.set(id, { name: String(model.name), fields: fields.map((field: { name?: unknown }) => String(field.name)) })
  }
  for (const [id, deck] of Object.entries(parsed(row?.decks))) decks.set(id, String(deck.name))
  return { types, decks }
}

function parsed(json: unknown): Record<string, Record<string, unknown>> {
  try {
    return JSON.parse(String(json))
  } catch {
    return {}
  }
}

/** A picture or sound of the package. */
type Media = Pick<Attachment, 'file' | 'packed'>

/** The files of the package by the names that cards use. */
async function* mediaOf({ source }: ReadContext): AsyncGenerator<ImportItem, Map<string, Media>> {
  const media = new Map<string, Media>()
  const list = source.files.find(({ path }) => path === 'media')
  const bytes = list && (await readBytes(source, list, LARGEST_MEDIA_LIST))
  if (!bytes || bytes.length === 0) return media
  const byPath = new Map(source.files.map((file) => [file.path, file]))
  try {
    const isPacked = bytes[0] !== '{'.charCodeAt(0)
    for (const [number, name] of isPacked ? await readNewMediaList(bytes) : readOldMediaList(bytes)) {
      const file = byPath.get(number)
      if (file) media.set(name, { file, ...(isPacked && { packed: 'zstd' as const }) })
    }
  } catch {
    yield problem('malformed', 'media', 'The list of pictures and sounds cannot be read.')
  }
  return media
}

/** `{"0": "name"}`. @throws SyntaxError */
function readOldMediaList(bytes: Uint8Array): [number: string, name: string][] {
  const list: Record<string, unknown> = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  return Object.entries(list).map(([number, name]) => [number, String(name)])
}

/**
 * The list of packages of schema 18, which is compressed like the files themselves: a protocol buffer whose field 1 repeats, one for each file in
 * the order of their numbers, with the name as its field 1, and as field 255 the number where it is another (anki, proto/anki/import_export.proto).
 * @throws Error when it is no such list
 */
async function readNewMediaList(bytes: Uint8Array): Promise<[number: string, name: string][]> {
  const pieces: Uint8Array[] = []
  for await (const piece of unpackZstd([bytes], LARGEST_MEDIA_LIST)) pieces.push(piece)
  const entries = readFields(Buffer.concat(pieces)).filter(({ number }) => number === 1)
  return entries.map(({ value }, index) => {
    const fields = readFields(value as Uint8Array)
    const name = fields.find(({ number }) => number === 1)?.value
    if (!(name instanceof Uint8Array)) throw new RangeError('An entry has no name.')
    const other = fields.find(({ number }) => number === 255)?.value
    return [String(other ?? index), new TextDecoder('utf-8', { fatal: true }).decode(name)]
  })
}

/** A field's HTML as text, and the pictures and sounds that it names. */
export function readHtml(html: string): { text: string; files: string[] } {
  let text = ''
  const files: string[] = []
  let hidden = 0
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'style' || name === 'script') hidden += 1
      if (name === 'br') text += '\n'
      if (['div', 'p', 'tr', 'ul', 'ol'].includes(name) && text !== '' && !text.endsWith('\n')) text += '\n'
      if (name === 'li') text += `${text === '' || text.endsWith('\n') ? '' : '\n'}- `
      if (name === 'td' || name === 'th') text += ' '
      if (name === 'img' && attributes.src) {
        files.push(attributes.src)
        text += `![](${attributes.src})`
      }
    },
    ontext(piece) {
      if (hidden === 0) text += piece
    },
    onclosetag(name) {
      if (name === 'style' || name === 'script') hidden -= 1
    },
  })
  parser.end(html)
  for (const [, name] of text.matchAll(/\[sound:([^\]\n]+)\]/g)) files.push(name as string)
  return {
    text: text
      .replaceAll('\u00a0', ' ')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    files,
  }
}

function unreadable(cause: unknown): LvaError {
  return new LvaError('import-not-understood', 'The collection of Anki cannot be read.', {
    advice: 'Export it again from Anki, as .apkg or .colpkg. The database of v1 comes in by Import from v1.',
    cause,
  })
}
