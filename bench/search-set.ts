import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from '../src-core/kernel/index.ts'
import { chunkText } from '../src-core/memory/chunk.ts'
import type { Embedder } from '../src-core/models/index.ts'
import { readCollection } from './beir.ts'
import { REPOSITORY } from './harness.ts'

/** A chunk as every peer gets it: the same words and the same vector. */
export interface SearchItem {
  id: string
  /** Document that it is a part of. */
  document: string
  text: string
  vector: Float32Array
}

export interface SearchQuery {
  text: string
  vector: Float32Array
  /** Gain of each relevant document. */
  relevant: Map<string, number>
}

export interface SearchSet {
  items: SearchItem[]
  queries: SearchQuery[]
}

const SEED = 11
const EMBEDDED_AT_ONCE = 64
/** Chunks from which one that is made up takes its sentences and, in equal parts, its meaning. */
const PARENTS = 3
/** Length of what is added to a made up vector, beside 1. */
const NOISE = 0.35

/**
 * `size` chunks and the queries that have something relevant among them. The judged sets come first; when they are used up, chunks are made up of the
 * sentences of three real ones each, with the mean of their vectors and some noise, so that words and meanings are spread as in the real ones. Nothing that
 * is made up is relevant.
 * @param folders sets in BEIR layout
 */
export async function readSearchSet(folders: readonly string[], size: number, embedder: Embedder): Promise<SearchSet> {
  const texts: { document: string; text: string }[] = []
  const asked: { text: string; relevant: Map<string, number> }[] = []
  for (const folder of folders) {
    const collection = readCollection(folder)
    const nameOf = (id: string) => `${folder}/${id}`
    for (const { id, title, text } of collection.documents) {
      const all = title === '' ? text : `${title}\n\n${text}`
      for (const { start, end } of chunkText(all)) {
        const part = all.slice(start, end).trim()
        // What would be cut again where it is stored would not be the same for all.
        if (part !== '' && chunkText(part).length === 1) texts.push({ document: nameOf(id), text: part })
      }
    }
    for (const { id, text } of collection.queries) {
      const judged = collection.judgements.get(id) ?? new Map<string, number>()
      asked.push({ text, relevant: new Map(Array.from(judged, ([document, gain]) => [nameOf(document), gain])) })
    }
  }
  const real = texts.slice(0, size)
  const vectors = await embedOnce([...real.map(({ text }) => text), ...asked.map(({ text }) => text)], embedder)
  const items = real.map(
    (item, index): SearchItem => ({ ...item, id: `real-${index}`, vector: vectors[index] as Float32Array }),
  )
  const there = new Set(items.map(({ document }) => document))
  const queries = asked
    .map(({ text, relevant }, index) => ({
      text,
      vector: vectors[real.length + index] as Float32Array,
      relevant: new Map([...relevant].filter(([document]) => there.has(document))),
    }))
    .filter(({ relevant }) => relevant.size > 0)
  return { items: [...items, ...madeUp(items, size - items.length)], queries }
}

function madeUp(real: readonly SearchItem[], count: number): SearchItem[] {
  const random = seededRandom(SEED)
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const parents = Array.from(
      { length: PARENTS },
      () => real[Math.floor(random.fraction() * real.length)] as SearchItem,
    )
    const sentences = parents
      .map((parent) => {
        const own = parent.text.split(/(?<=[.!?])\s+/)
        return own[Math.floor(random.fraction() * own.length)] ?? ''
      })
      .join(' ')
    const text = inOneChunk(sentences)
    const vector = new Float32Array(parents[0]?.vector.length ?? 0)
    const noise = NOISE / Math.sqrt(vector.length)
    for (let at = 0; at < vector.length; at += 1) {
      const mean = parents.reduce((sum, parent) => sum + (parent.vector[at] ?? 0), 0) / PARENTS
      vector[at] = mean + noise * Math.sqrt(3) * (2 * random.fraction() - 1)
    }
    return { id: `made-${index}`, document: `made-${index}`, text, vector: unit(vector) }
  })
}

/** What would be cut where it is stored would not be the same for all. */
function inOneChunk(text: string): string {
  const [first, ...others] = chunkText(text)
  return first && others.length > 0 ? inOneChunk(text.slice(0, first.end).trim()) : text.trim()
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** Vectors of texts, kept in this checkout's cache: embedding takes minutes. */
async function embedOnce(texts: readonly string[], embedder: Embedder): Promise<Float32Array[]> {
  const { id, dimensions } = embedder.info
  const hash = createHash('sha256').update(id).update(JSON.stringify(texts)).digest('hex').slice(0, 16)
  const file = join(REPOSITORY, '.cache', 'bench', `vectors-${hash}.f32`)
  if (!existsSync(file)) {
    console.error(`Embedding ${texts.length} texts (once) ...`)
    const all = new Float32Array(texts.length * dimensions)
    for (let from = 0; from < texts.length; from += EMBEDDED_AT_ONCE) {
      const vectors = await embedder.embed(texts.slice(from, from + EMBEDDED_AT_ONCE))
      for (const [index, vector] of vectors.entries()) all.set(vector, (from + index) * dimensions)
    }
    mkdirSync(join(REPOSITORY, '.cache', 'bench'), { recursive: true })
    writeFileSync(file, new Uint8Array(all.buffer))
  }
  const bytes = readFileSync(file)
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return texts.map((_, index) => all.slice(index * dimensions, (index + 1) * dimensions))
}
