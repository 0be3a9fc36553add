import { z } from 'zod'
import { ERROR_CODES } from '../kernel/index.ts'

/** Documents as clients see them. See docs/documents.md. */

const id = z.string().min(1).max(512)
const instant = z.iso.datetime({ offset: true })
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const tag = z.string().min(1).max(100)
export const ids = z.array(id).min(1).max(1_000)
const part = z.number().min(0).max(1)

/** Where something stands in a document. Numbers count from 1. */
export const documentPlace = z.object({
  page: z.number().int().optional(),
  /** The last page, where it is another one than `page`. */
  endPage: z.number().int().optional(),
  /** Left, top, width, height as parts of the page, from its upper left corner. */
  box: z.tuple([part, part, part, part]).optional(),
  slide: z.number().int().optional(),
  /** Of the pictures of a capture, which. */
  picture: z.number().int().optional(),
  sheet: z.string().optional(),
  row: z.number().int().optional(),
  chapter: z.number().int().optional(),
  /** Of a sound. */
  second: z.number().optional(),
  endSecond: z.number().optional(),
})

/**
 * `waiting`: in the queue; `reading`; `ready`: its text is there and is indexed or about to be; `failed`: `error` says why and what to do;
 * `cancelled`: the learner took it out of the queue.
 */
export const documentState = z.enum(['waiting', 'reading', 'ready', 'failed', 'cancelled'])

export const documentOrigin = z.object({
  /** `folder`: a file of a watched folder. */
  kind: z.enum(['file', 'folder', 'address', 'text']),
  name: z.string(),
  /** Web address, or path of the file where it is known. */
  address: z.string().nullable(),
  at: instant,
})

export const documentError = z.object({
  code: z.enum(ERROR_CODES),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const document = z.object({
  id,
  title: z.string(),
  /** What it is by its content: pdf, docx, pptx, xlsx, csv, epub, html, markdown, text, vtt, eml, image, audio; `unknown` cannot be read. */
  format: z.string(),
  /** Bytes. */
  size: z.number().int(),
  sha256,
  origins: z.array(documentOrigin),
  /** Ids of collections; some may be deleted, and are then not in `collections.list`. */
  collections: z.array(id),
  tags: z.array(z.string()),
  createdAt: instant,
  /** When the present version of a file that changes came. */
  updatedAt: instant,
  /** Since when the file is gone from its watched folder; what was read stays. */
  missingAt: instant.nullable(),
  /** Of the transcript of a recording whose sound went after the days that Settings say: what went, and when. */
  sound: z.object({ sha256, size: z.number().int(), at: instant, days: z.number().int() }).nullable(),
  /** The sound of this recording stays, whatever Settings say. */
  keepsSound: z.boolean(),
  state: documentState,
  error: documentError.nullable(),
  /** While it is read: pages, or seconds of sound; null before it is known how many there are. */
  progress: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** Pages, slides, sheets or chapters; null where there are none, or it is not read yet. */
  pages: z.number().int().nullable(),
  /** Of the text, in UTF-16 code units. */
  characters: z.number().int(),
})

/** A transcript of a recording. */
const heard = z.object({
  /** The models that heard it, each the `model` of one of `recognisers.list`, between commas; null for those of before this was kept. */
  heardBy: z.string().nullable(),
  readAt: instant.nullable(),
})

export const transcripts = z.object({
  /** Null until it is heard. */
  present: heard.nullable(),
  /** The one before it, which `exchangeTranscripts` puts back; null where it was heard once. */
  earlier: heard.nullable(),
})

export const documentFilter = z.object({
  collectionId: id.optional(),
  tag: tag.optional(),
  states: z.array(documentState).optional(),
  /** Only those of these kinds, see `format`. */
  formats: z.array(z.string()).optional(),
  /** Words in the title. */
  title: z.string().max(500).optional(),
})

/**
 * A piece of the text. `text` is what stands between `start` and `end`, which count from the beginning of the whole document like those of
 * a search hit, so that a hit can be marked.
 */
export const documentBlock = z.object({
  kind: z.enum(['heading', 'paragraph', 'list', 'table', 'code']),
  /** Of headings and list items, from 1. */
  level: z.number().int().optional(),
  /** A table has one row in each line, cells between bars. */
  text: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  place: documentPlace.nullable(),
  /** Lines of a page: start, end, page, left, top, width, height; places as parts of the page. */
  lines: z
    .array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]))
    .optional(),
})

export const documentText = z.object({
  blocks: z.array(documentBlock),
  /** Index of the first block here, and how many there are. */
  from: z.number().int(),
  total: z.number().int(),
})

export const documentTextRequest = z.object({
  id,
  /** Index of the first block, or a place in the text, around which blocks are given. */
  from: z.number().int().min(0).optional(),
  around: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(2_000).default(200),
})

const placing = {
  collectionId: id.optional(),
  tags: z.array(tag).max(100).optional(),
}

export const addDocument = z.object({
  file: z.instanceof(Blob),
  /** Name of the file; its ending says nothing about its kind. */
  name: z.string().max(1_000),
  /** Path where it is known, for the learner to find it again. Not read. */
  path: z.string().max(4_000).optional(),
  /** Of a protected file; kept in memory until it is read. */
  password: z.string().max(1_000).optional(),
  ...placing,
})
/** Files that are kept together. */
export const addDocuments = z.object({
  files: z
    .array(addDocument.pick({ file: true, name: true, path: true }))
    .min(1)
    .max(100),
  /** Of those that are protected. */
  password: addDocument.shape.password,
  ...placing,
})
export const addAddress = z.object({ address: z.string().min(1).max(2_000), ...placing })
export const addDocumentText = z.object({ text: z.string(), title: z.string().max(500).optional(), ...placing })

/** `isNew` is false where a document with the same bytes was there: it is the one given back. */
export const addedDocument = z.object({ document, isNew: z.boolean() })

/** What became of each file, in their order. */
export const addedDocuments = z.object({
  results: z.array(z.union([addedDocument, z.object({ error: documentError })])),
})

export const collection = z.object({ id, name: z.string(), createdAt: instant, documents: z.number().int() })
export const tagCount = z.object({ tag: z.string(), documents: z.number().int() })

export const documentQueue = z.object({
  /** Waiting or being read. */
  pending: z.number().int(),
  failed: z.number().int(),
  paused: z.boolean(),
})

/** Begins with `queue`. `changed` names documents whose state or progress is another now; `library` events are in `app.events`. */
export const documentEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queue'), queue: documentQueue }),
  z.object({ type: z.literal('changed'), document }),
])

export const watchedFolder = z.object({
  id,
  path: z.string(),
  collectionId: id.nullable(),
  createdAt: instant,
  /** Files that became documents; those that could not be taken; those that are gone. */
  files: z.number().int(),
  refused: z.number().int(),
  missing: z.number().int(),
  /** `scanning` while it is looked through; `unreachable` when the folder cannot be read. */
  state: z.enum(['scanning', 'watching', 'unreachable']),
})

/** A file of a watched folder that could not be taken; `path` inside of the folder. */
export const refusedFile = z.object({ path: z.string(), error: documentError })
