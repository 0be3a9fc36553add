import { fenced } from '../prompts/fence.ts'

/** Share of signs that no text has, from which on a result is taken for a file and not for words. */
const MOST_NOISE = 0.05

/** What no text holds: control signs but tab and line ends, and what stands for bytes that were no UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOISE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/g

/**
 * What the model reads of a tool's result: cut to `length` UTF-16 code units, without signs that no text has, between marks that it cannot
 * close. However long the result is, no more than the cut part is looked at.
 */
export function resultText(name: string, text: string, length: number): string {
  const part = text.slice(0, length).toWellFormed()
  const words = part.replace(NOISE, '')
  if (part.length - words.length > part.length * MOST_NOISE)
    return fenced('result', { tool: name }, 'The result is not text and cannot be read.')
  const cut = text.length > length ? `\n[Cut here: the first ${length} of ${text.length} signs.]` : ''
  return fenced('result', { tool: name }, words.trim() === '' ? 'The tool found nothing to say.' : `${words}${cut}`)
}
