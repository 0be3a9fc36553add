import type { TutorLanguage } from './language.ts'
import { germanPhrases } from './phrases-de.ts'
import { englishPhrases } from './phrases-en.ts'
import { spanishPhrases } from './phrases-es.ts'
import type { QuestionKind } from './utterance.ts'

/** A quotation, ready to be set into a sentence: marks, citation and all. */
export interface Cited {
  /** Such as `“Attention weighs tokens” [2]`; sentences of one passage share its citation. */
  quote: string
  /** Such as `3 March`, `yesterday`; '' where the passage has no date. */
  when: string
}

/** A topic in the learner's words, with quotation marks, or undefined where there is none. */
export type Topic = string | undefined

/**
 * What the tutor says in one language. It speaks only of what was said and what was found; every fact in an answer stands between
 * quotation marks. `openers` are whole sentences, `questions` the one question that follows; a list holds variants, of which the
 * same words from the learner always choose the same one.
 */
export interface Phrases {
  quote(text: string): string
  /** Joins two or more things with commas and "and". */
  join(things: readonly string[]): string
  today: string
  yesterday: string

  answer(found: readonly Cited[]): string[]
  /** Nothing answers fully; this comes nearest. */
  nearest(found: Cited): string[]
  /** The learner has only spoken of it. */
  onlyMentioned(found: Cited): string[]
  /** Found by meaning, without a word of the question. */
  closeInMeaning(found: Cited): string[]
  nothing(topic: Topic): string[]
  /** @param time the learner's words for it, quoted */
  nothingFromThen(time: string): string
  /** Memory has nothing more on the topic. */
  noMore(topic: Topic): string[]

  connects(found: Cited): string[]
  mayTouch(found: Cited): string[]
  saidBefore(found: Cited): string[]
  isNew(topic: Topic): string[]
  insight(found: Cited | undefined): string[]

  listSoFar(items: readonly string[]): string[]
  listDone(items: readonly string[]): string[]

  empty: string[]
  /** A question without a subject, such as "why?", and none before it. */
  unclear: string[]
  hello(found: Cited | undefined): string[]
  welcome: string[]
  aboutMe: string[]
  takeHeart(topic: Topic): string[]
  good: string[]
  allRight: string[]
  goodbye(topics: readonly string[]): string[]

  /** Steps for a learner who wants to find the answer themselves. */
  ladder: {
    /** Memory holds the answer. */
    youKnow: string[]
    /** @param when the day; '' where it is not known */
    whereToLook(when: string): string[]
    withGaps(text: string): string[]
    withLetters(text: string): string[]
    /** What they said holds it. */
    right(found: Cited): string[]
    try: string[]
  }

  /** What the calculator and the calendar of this device gave. */
  reckoned: {
    /** Between a part and the whole: "17% of 340". */
    of: string
    /** Before a fraction that says the same without rounding. */
    exactly: string
    /** Who calculated. */
    here: string
    impossible: string
    noSuchDay: string
    /** @param place '' where none was named */
    now(day: string, time: string, place: string): string
    day(day: string): string
    /** @param days below zero where the day is over */
    until(day: string, days: number): string
  }

  ask: {
    afterAnswer: Partial<Record<QuestionKind, string[]>> & { other: string[] }
    isThatIt(topic: Topic): string[]
    afterNothing: string[]
    afterMention: string[]
    link: string[]
    aboutNew(topic: Topic): string[]
    whichSide(topic: Topic): string[]
    afterInsight: string[]
    /** Asked once when something is listed. */
    oneMore: string
    whichOne: string
    afterList: string[]
    smallestPart(topic: Topic): string[]
    whatNow: string[]
    goOn(topic: Topic): string[]
    repeat: string[]
    lookUp: string[]
    whatLearning: string[]
  }
}

export const PHRASES: Record<TutorLanguage, Phrases> = { en: englishPhrases, de: germanPhrases, es: spanishPhrases }
