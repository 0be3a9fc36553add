import { boxOf, findSecrets } from './find-secrets.ts'
import type { Box, SecretKind, SeenLine } from './types.ts'

/** Stands in the text where something was covered. */
export const COVERED = '████'

/**
 * The lines as they may be kept.
 * @param found takes the places in the picture
 */
export function coveredLines(lines: readonly SeenLine[], found: { kind: SecretKind; box: Box }[]): string[] {
  const texts = lines.map(({ text }) => text)
  // From the last to the first, so that the places of the earlier ones hold.
  for (const { kind, line, start, end } of findSecrets(lines).toReversed()) {
    const words = lines[line]?.words.filter((word) => word.start < end && word.end > start) ?? []
    const box = boxOf(words)
    const text = texts[line]
    if (!box || text === undefined) continue
    found.push({ kind, box })
    // Words are covered whole: where within one the secret begins is no more certain than how it was read.
    const from = Math.min(...words.map((word) => word.start))
    const to = Math.max(...words.map((word) => word.end))
    texts[line] = text.slice(0, from) + COVERED + text.slice(to)
  }
  return texts
}
