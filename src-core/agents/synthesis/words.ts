/** Questions that a model proposes stand on lines of their own, so marked. */
const QUESTION_LINE = /^\s*\?\s+(.+)$/

/** Longest question that is offered, in UTF-16 code units. */
const LONGEST_QUESTION = 200
const MOST_QUESTIONS = 3

/** What a model wrote: its text, and the questions that it proposes. */
export function splitQuestions(written: string): { text: string; questions: string[] } {
  const lines = written.split('\n')
  const questions = lines.flatMap((line) => QUESTION_LINE.exec(line)?.[1]?.trim() ?? [])
  return {
    text: lines
      .filter((line) => !QUESTION_LINE.test(line))
      .join('\n')
      .trim(),
    questions: questions.filter((question) => question.length <= LONGEST_QUESTION).slice(0, MOST_QUESTIONS),
  }
}

/** Word for word between quotation marks, which it does not hold itself, with its number. */
export function quoted({ text, number }: { text: string; number: number }): string {
  const plain = text
    .replace(/["“”„«»]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.…]+$/, '')
  return `“${plain}” [${number}]`
}
