import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files below a folder in whose bytes these words stand, whatever their case: as UTF-8, as UTF-16, or inside base64. By word, with relative paths; words that stand nowhere are left out. */
export function tracesOf(words: readonly string[], folder: string): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  const sought = words.map((word) => ({ word, ...spellings(word) }))
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path).toString('latin1')
    const lower = bytes.toLowerCase()
    for (const { word, plain, encoded } of sought) {
      if (!plain.some((needle) => lower.includes(needle)) && !encoded.some((needle) => bytes.includes(needle))) continue
      found[word] = [...(found[word] ?? []), path.slice(folder.length + 1)]
    }
  }
  return found
}

function spellings(word: string) {
  const lower = word.toLowerCase()
  const wide = Buffer.from(lower, 'utf16le').toString('latin1')
  // Base64 depends on where in three bytes the word begins; its first and last signs depend on the neighbours.
  const encoded = [lower, word].flatMap((text) =>
    ['', 'a', 'ab'].map((before) =>
      Buffer.from(before + text)
        .toString('base64')
        .slice(4, -4),
    ),
  )
  return { plain: [lower, wide], encoded }
}
