import type { Summary } from '../../src-core/contract/index.ts'

/** What a note says of a summary: its words, the places that its numbers mean, and the questions that are left. */
export function noteText(
  { text, citations, followUps }: Pick<Summary, 'text' | 'citations' | 'followUps'>,
  words: { places: string; questions: string; moment(instant: string): string },
): string {
  const parts = [
    text,
    section(
      words.places,
      citations.map(
        ({ number, when, text }) => `[${number}] ${words.moment(when)}: “${text.replace(/\s+/g, ' ').trim()}”`,
      ),
    ),
    section(
      words.questions,
      followUps.map((question) => `- ${question}`),
    ),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n')
}
