import { createHash } from 'node:crypto'

/** What makes two statements about the learner the same, and how one is recognised that was forgotten. */

/** The words of a text in lower case, without marks between them. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}

/** Hexadecimal digits of a mark. Few enough that many statements share one, so that a mark does not tell what was forgotten. */
const MARK_DIGITS = 6

/**
 * Stands for a statement that was forgotten, so that it is not proposed again. It holds no text: a salted hash, of which 24 bits are kept.
 * One new statement in 16 million is taken for a forgotten one by mistake.
 */
export function markOf(text: string, salt: string): string {
  return `${salt}.${createHash('sha256')
    .update(`${salt}\n${plainWords(text)}`)
    .digest('hex')
    .slice(0, MARK_DIGITS)}`
}

/** Whether the mark stands for this text. */
export function isMarked(text: string, mark: string): boolean {
  const dot = mark.lastIndexOf('.')
  return dot > 0 && markOf(text, mark.slice(0, dot)) === mark
}

/** The same on every device that draws it from the same words, and without text: it stays when the statement is forgotten. */
export function proposalId(captureId: string, editedAt: string | null, start: number, end: number): string {
  const key = [captureId, editedAt ?? '', String(start), String(end)].join('\n')
  return `p${createHash('sha256').update(key).digest('hex').slice(0, 31)}`
}
