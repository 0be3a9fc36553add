import type { Embedder } from '../types.ts'
import { stopIfAborted } from './stop.ts'

const DIMENSIONS = 384

/**
 * An embedder without a model: each word adds 1 to the dimension that its hash names (feature hashing, Weinberger et al. 2009), so
 * texts are near each other when they share words. It loads nothing and gives the same vectors everywhere: for tests of the floors
 * above, which need an embedder but not understanding.
 */
export function hashEmbedder(): Embedder {
  return {
    info: { id: 'word-hash/384', dimensions: DIMENSIONS, maxTokens: 256 },
    async embed(texts, { signal } = {}) {
      stopIfAborted(signal)
      return texts.map(embedWords)
    },
  }
}

function embedWords(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS)
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']
  for (const word of words) {
    const hash = fnv1a(word)
    const place = (hash >>> 1) % DIMENSIONS
    // The lowest bit is the sign, so that words that share a dimension cancel out on average instead of adding up.
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? 1 : -1)
  }
  const length = Math.hypot(...vector)
  if (length === 0) {
    vector[0] = 1
    return vector
  }
  return vector.map((value) => value / length)
}

/** The 32-bit FNV-1a hash of a word's UTF-16 code units (draft-eastlake-fnv). */
function fnv1a(word: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
