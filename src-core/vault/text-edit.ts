import type * as Y from 'yjs'
import { diffText, mergeTexts } from './text-diff.ts'

/** Makes the text read `wanted` by few insertions and deletions, so that what others type meanwhile merges with them. */
export function rewriteText(text: Y.Text, wanted: string): void {
  for (const hunk of diffText(text.toString(), wanted).reverse()) {
    if (hunk.removed > 0) text.delete(hunk.start, hunk.removed)
    if (hunk.inserted !== '') text.insert(hunk.start, hunk.inserted)
  }
}

/**
 * Takes back a change of the text from `before` to `after`. What others typed since stays.
 * @returns false when there was nothing left to do
 */
export function takeBackText(text: Y.Text, before: string, after: string): boolean {
  const now = text.toString()
  const wanted = now === after ? before : mergeTexts(after, before, now)
  rewriteText(text, wanted)
  return wanted !== now
}
