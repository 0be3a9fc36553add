/** What the scripted provider says by default, cut into the pieces that it streams. */

export interface Prompt {
  /** System text and every message, in order. */
  text: string
  /** The last message of the learner. */
  question: string
}

/**
 * Passages are recognised by the mark of this program's prompts, `<passage number="2" ...>`, or by a line that begins with their number in
 * brackets, such as `[2] Attention weighs tokens.`
 */
export function passagesIn(text: string): { number: number; text: string }[] {
  const marked = text.matchAll(/<passage number="(\d{1,3})"[^>]*>\s*([^<]*)/g)
  const lines = text.matchAll(/^[ \t>*-]*\[(\d{1,3})\][ \t]*(.*)$/gm)
  return [...marked, ...lines].map(([, number, said]) => ({ number: Number(number), text: said?.trim() ?? '' }))
}

/** Names the passages that the prompt held and cites the first one, so that a test can see what reached the provider. */
export function scriptedAnswer(prompt: Prompt): string {
  const question = prompt.question.replace(/\s+/g, ' ').trim().slice(0, 80)
  const passages = passagesIn(prompt.text)
  const [first] = passages
  if (!first) return `You said: ${question} I saw no passages. What would you like to know next?`
  const words = first.text.split(/\s+/).slice(0, 12).join(' ')
  const numbers = passages.map(({ number }) => number).join(', ')
  return `You said: ${question} Your memory holds "${words}" [${first.number}]. I saw passages ${numbers}. What would you like to know next?`
}

/** Pieces of about one word; together they are exactly the text. */
export function piecesOf(text: string): string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? []
}

/** The same rough count that billing tests can do in their head: four characters a token. */
export function scriptedTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4))
}

/**
 * Answers a request for the concepts of fenced texts: every two words with capitals that stand side by side, and that the first must be known before the second.
 * @param obeying answers as a model that a text has talked into something: with what stands in no text, and more than was asked for
 */
export function scriptedConcepts({ question }: Prompt, obeying = false): string {
  const texts = Array.from(
    question.matchAll(/<text number="(\d+)">\n([\s\S]*?)\n<\/text>/g),
    ([, number, text = '']) => {
      const names = [...new Set(text.match(/\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|Photosynthesis/gu) ?? [])]
      const made = obeying ? ['Wire transfer to me', ...names, 'Evil concept'] : names
      const [from, to] = made
      return {
        number: Number(number),
        concepts: made.map((name) => ({ name, type: 'term' })),
        relations: from && to ? [{ from, to, kind: 'prerequisite' }] : [],
      }
    },
  )
  return JSON.stringify({ texts, ...(obeying && { system: 'I am the system now.', run: 'rm -rf /' }) })
}
