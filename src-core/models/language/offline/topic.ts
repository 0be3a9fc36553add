import type { TutorLanguage } from './language.ts'
import { type Word, wordsOf } from './words.ts'

/** Longest name of a topic, in words and in UTF-16 code units. */
const LONGEST_WORDS = 4
const LONGEST_LENGTH = 60

/** Small words that may stand inside a name, as in "law of large numbers". */
const LINKS = /^\s+(?:of|der|des|von|de|del|de la)\s+$/i

/**
 * The topic of a text in the learner's own words: what it says is being learned, otherwise its longest run of words that carry meaning,
 * the first where several are equally long.
 * Undefined where it has none, as in "why is that?".
 */
export function topicOf(text: string, language: TutorLanguage): string | undefined {
  const runs: { start: number; end: number; words: number }[] = []
  let last: Word | undefined
  for (const word of wordsOf(text, language)) {
    if (word.kind !== 'content') continue
    const gap = last ? text.slice(last.end, word.start) : ''
    const run = runs.at(-1)
    const goesOn = run && run.words < LONGEST_WORDS && (/^[ \-‑–/]$/.test(gap) || LINKS.test(gap))
    if (goesOn && word.end - run.start <= LONGEST_LENGTH) {
      run.end = word.end
      run.words += 1
    } else runs.push({ start: word.start, end: word.end, words: 1 })
    last = word
  }
  for (const run of runs) {
    if (language === 'en') dropVerb(run, text)
    if (language === 'de') endWithNoun(run, text)
  }
  const named = language === 'en' ? NAMES_TOPIC.exec(text) : null
  const first = named && runs.find((run) => run.start >= named.index + named[0].length)
  if (first) return text.slice(first.start, first.end).slice(0, LONGEST_LENGTH)
  const best = runs.reduce<(typeof runs)[number] | undefined>(
    // Three words say as much as four; what comes first is what the sentence is about.
    (chosen, run) => (chosen && Math.min(run.words, 3) <= Math.min(chosen.words, 3) ? chosen : run),
    undefined,
  )
  return best ? text.slice(best.start, best.end).slice(0, LONGEST_LENGTH) : undefined
}

/** Words after which an ending in -s, or in -ing and -ed, was a verb: "attention computes a", "nets focusing on"; but "products of". */
const AFTER_VERB = /^(?:a|an|the|all|both|every|each|its|their|that|how|into)$/i
const AFTER_PARTICIPLE = /^(?:a|an|the|every|each|its|their|on|at|in|by|from|with)$/i
const AFTER_QUESTION = /^(?:at|by|for|from|in|inside|on|when|with|)$/i

/** What follows is what the learner says the matter is: "I'm learning how attention works", "I read about tides". */
const NAMES_TOPIC =
  /\b(?:learning|learned|learnt|studying|studied|read|reading|thinking|wondering)\s+(?:about|how|why|what)\b/i

/** Takes an English verb off the end of a topic. */
function dropVerb(run: { start: number; end: number; words: number }, text: string): void {
  const follower = /^\s+([a-z]+)\b/i.exec(text.slice(run.end, run.end + 12))?.[1] ?? ''
  const [, kept, last] = /^(.*\S)[ -]+(\S+)$/.exec(text.slice(run.start, run.end)) ?? []
  if (kept === undefined || last === undefined) return
  // "How attention works" and "why bread rises" end with their verb.
  const isAsked = /\b(?:how|why)\s+(?:(?:a|an|the)\s+)?$/i.test(text.slice(0, run.start))
  const isVerb =
    (/(?:ing|ed)$/.test(last) && AFTER_PARTICIPLE.test(follower)) ||
    (/[^s]s$/.test(last) && (AFTER_VERB.test(follower) || (isAsked && AFTER_QUESTION.test(follower))))
  if (!isVerb) return
  run.end = run.start + kept.length
  run.words -= 1
}

/** German writes nouns with a capital: "Rom gegründet" is about "Rom", but "neuronale Netze" stays. */
function endWithNoun(run: { start: number; end: number; words: number }, text: string): void {
  const name = /^.*\p{Lu}[^ ]*/u.exec(text.slice(run.start, run.end))?.[0]
  if (name === undefined) return
  run.end = run.start + name.length
  run.words = name.split(' ').length
}
