import type { Guidance, LanguageMessage, Passage } from '../../types.ts'
import { calculationIn } from './calculation.ts'
import { coverage, type Evidence, findEvidence, isSame, pickQuotes, type Query, queryOf } from './evidence.ts'
import { firstLetter, holdsAnswer, withGaps } from './ladder.ts'
import { detectLanguage, type TutorLanguage } from './language.ts'
import { type Cited, PHRASES, type Phrases, type Topic } from './phrases.ts'
import { sentencesOf } from './sentences.ts'
import { topicOf } from './topic.ts'
import { itemsIn, readUtterance, trimItem, type Utterance } from './utterance.ts'
import { wordsOf } from './words.ts'

export interface TutorInput {
  /** Oldest first; the last one of the learner is answered. */
  messages: readonly LanguageMessage[]
  passages: readonly Passage[]
  /** Where the learner wants to find out for themselves. */
  guidance?: Guidance | undefined
  /** Words of the learner for a time that no passage is from. */
  emptyTime?: string | undefined
  /** Milliseconds since 1970, for "today" and "yesterday". */
  nowMs: number
  /** IANA name; undefined takes the machine's. */
  timeZone: string | undefined
}

/** Part of a question's words that quotations must hold to count as its answer. */
const ANSWERED = 0.6
const HALF = 0.5

/**
 * `Passage.score` from which a passage without a common word is believed to be close in meaning. Memory scores such a passage with 0.7
 * times the cosine of its vector; of all-MiniLM-L6-v2, sentences on one subject lie above 0.32 and unrelated ones mostly below 0.25.
 */
const CLOSE_IN_MEANING = 0.22

/** A passage that is this young and says the same is what the learner said just now, stored before it was answered. */
const JUST_SAID_MS = 10 * 60_000

/** Part of the best score that an earlier passage needs to be chosen because it is earlier. */
const ABOUT_AS_GOOD = 0.6

/** How much of each message is looked at, in UTF-16 code units. */
const LONGEST_LOOK = 4_000

const MOST_QUOTES = 2
const MOST_QUOTES_IN_OVERVIEW = 3
const TOPICS_IN_GOODBYE = 3
const LONGEST_ITEM = 60

/**
 * The tutor's whole answer: one sentence about what memory holds, quoted and cited, and one question. It states nothing that is not
 * quoted from a passage or from the learner. The same input gives the same answer.
 */
export function replyTo(input: TutorInput): string {
  return new Turn(input).reply()
}

class Turn {
  readonly #input: TutorInput
  readonly #text: string
  /** What the learner said before, oldest first. */
  readonly #earlier: string[]
  readonly #lastReply: string
  readonly #language: TutorLanguage
  readonly #phrases: Phrases
  readonly #passages: Passage[]
  readonly #utterance: Utterance

  constructor(input: TutorInput) {
    this.#input = input
    const said = input.messages
      .filter((message) => message.role === 'user')
      .map((message) => message.text.slice(0, LONGEST_LOOK))
    this.#text = said.at(-1) ?? ''
    this.#earlier = said.slice(0, -1)
    this.#lastReply = input.messages.findLast((message) => message.role === 'assistant')?.text ?? ''
    // One word may belong to any language; what came before then decides.
    const isTelling = wordsOf(this.#text, 'en').length >= 3
    this.#language = detectLanguage(isTelling ? this.#text : [...this.#earlier.slice(-3), this.#text].join(' '))
    this.#phrases = PHRASES[this.#language]
    this.#utterance = readUtterance(this.#text, this.#language)
    this.#passages = input.passages.filter((passage) => !this.#wasJustSaid(passage))
  }

  reply(): string {
    const { ask } = this.#phrases
    const guided = this.#guide()
    if (guided !== undefined) return guided
    const wasListing = [ask.oneMore, ask.whichOne].some((question) => this.#lastReply.includes(question))
    switch (this.#utterance.kind) {
      case 'empty':
        return this.#say(this.#phrases.empty, ask.repeat)
      case 'goodbye':
        return this.#choose(this.#phrases.goodbye(this.#topicsSoFar()))
      case 'greeting':
        return this.#greet()
      case 'thanks':
        return this.#say(this.#phrases.welcome, ask.whatNow)
      case 'about-you':
        return this.#say(this.#phrases.aboutMe, ask.lookUp)
      case 'stuck': {
        const topic = this.#quotedTopic(this.#text) ?? this.#earlierTopic()
        return this.#say(this.#phrases.takeHeart(topic), ask.smallestPart(topic))
      }
      case 'yes':
        return this.#say(this.#phrases.good, wasListing ? [ask.whichOne] : ask.goOn(this.#earlierTopic()))
      case 'no':
        return wasListing ? this.#finishList([]) : this.#say(this.#phrases.allRight, ask.whatNow)
      case 'more':
        return this.#tellMore()
      case 'question':
        return [this.#otherTimes(), this.#answer()].join('')
      case 'listing':
        return wasListing ? this.#finishList(this.#items(this.#text)) : this.#takeList()
      default:
        return wasListing ? this.#finishList([this.#text]) : this.#takeStatement()
    }
  }

  /** A step towards the answer; undefined where none is wanted, or memory has nothing to lead to. */
  #guide(): string | undefined {
    const { question, step = 'attempt', hint = 1 } = this.#input.guidance ?? {}
    if (question === undefined) return undefined
    const { ladder } = this.#phrases
    // The calculator tells the answer once it is wanted; memory has no hints for figures.
    if (step !== 'answer' && calculationIn(question, this.#language)) return this.#choose(ladder.try)
    const { text, question: kind } = readUtterance(question, this.#language)
    const query = queryOf(text, kind, this.#language)
    const facts = this.#evidence(query).filter((one) => !one.isMention && !one.sentence.isQuestion)
    const picked = pickQuotes(facts, query, MOST_QUOTES, this.#language)
    const [best] = picked
    if (!best || coverage(query, picked) < ANSWERED) return undefined
    const told = () => this.#phrases.answer(this.#citeAll(picked))
    if (step === 'answer') return this.#say(told(), this.#followUp(query, undefined, false))
    if (step === 'attempt') return this.#say(ladder.youKnow, ladder.try)
    if (holdsAnswer(this.#text, best.sentence.quote, query, this.#language)) {
      return this.#say(ladder.right(this.#cite(best)), this.#followUp(query, undefined, false))
    }
    const { quote } = best.sentence
    const help = [
      ladder.whereToLook(this.#dayOf(best.sentence.passage)),
      ladder.withGaps(this.#phrases.quote(withGaps(quote, query, this.#language, () => '___'))),
      ladder.withLetters(this.#phrases.quote(withGaps(quote, query, this.#language, firstLetter))),
    ]
    return this.#say(help[Math.min(hint, help.length) - 1] ?? [], ladder.try)
  }

  /** What is answered from other times than the learner asks about says so first. */
  #otherTimes(): string {
    const { emptyTime } = this.#input
    return emptyTime === undefined ? '' : `${this.#phrases.nothingFromThen(this.#phrases.quote(emptyTime))} `
  }

  #answer(): string {
    const { ask } = this.#phrases
    const { text, question, isShort } = this.#utterance
    let topic = this.#quotedTopic(text)
    let query = queryOf(text, question, this.#language)
    if (topic === undefined) {
      // "Why is that?" asks about what was said before.
      topic = this.#earlierTopic()
      query = this.#queryFromEarlier(query)
    }
    if (topic === undefined && query.content.length === 0) return this.#say(this.#phrases.unclear, ask.goOn(undefined))
    const evidence = this.#evidence(query)
    const facts = evidence.filter((one) => !one.isMention && !one.sentence.isQuestion)
    const most = query.kind === 'overview' ? MOST_QUOTES_IN_OVERVIEW : MOST_QUOTES
    // What the learner told about their learning is what an overview is about.
    const picked = pickQuotes(query.kind === 'overview' ? evidence : facts, query, most, this.#language)
    const [best] = picked
    if (best && coverage(query, picked) >= ANSWERED) {
      const follow = isShort && query.kind === 'other' ? ask.isThatIt(topic) : this.#followUp(query, topic, isShort)
      return this.#say(this.#phrases.answer(this.#citeAll(picked)), follow)
    }
    const mention = evidence.find((one) => one.isMention || one.sentence.isQuestion)
    const isMentioned = mention !== undefined && coverage(query, [mention]) >= ANSWERED
    // A fact that answers half of it is worth more than having wondered about all of it.
    if (best && (!isMentioned || coverage(query, picked) >= HALF))
      return this.#say(this.#phrases.nearest(this.#cite(best)), ask.isThatIt(topic))
    if (mention && isMentioned) return this.#say(this.#phrases.onlyMentioned(this.#cite(mention)), ask.afterMention)
    const close = this.#closeInMeaning()
    if (close) return this.#say(this.#phrases.closeInMeaning(close), ask.isThatIt(undefined))
    return this.#say(this.#phrases.nothing(topic), ask.afterNothing)
  }

  #followUp(query: Query, topic: Topic, isShort: boolean): string[] {
    const { afterAnswer, isThatIt } = this.#phrases.ask
    const fitting = afterAnswer[query.kind] ?? afterAnswer.other
    return isShort ? [...fitting, ...isThatIt(topic)] : fitting
  }

  #takeStatement(): string {
    const { ask } = this.#phrases
    const { text, isShort, kind } = this.#utterance
    const topic = this.#quotedTopic(text)
    const related = this.#earliestRelated(queryOf(text, 'other', this.#language))
    const same = related && isSame(related.sentence.quote, text, this.#language)
    const found = related && this.#cite(related)
    if (topic === undefined && isShort) {
      return kind === 'reflection'
        ? this.#say(this.#phrases.insight(undefined), ask.afterInsight)
        : this.#say(this.#phrases.good, ask.goOn(this.#earlierTopic()))
    }
    const question = isShort ? ask.whichSide(topic) : undefined
    if (kind === 'reflection') return this.#say(this.#phrases.insight(found), question ?? ask.afterInsight)
    if (found && same) return this.#say(this.#phrases.saidBefore(found), ask.afterMention)
    if (found) return this.#say(this.#phrases.connects(found), question ?? ask.link)
    const close = this.#closeInMeaning()
    if (close) return this.#say(this.#phrases.mayTouch(close), question ?? ask.link)
    return this.#say(this.#phrases.isNew(topic), question ?? ask.aboutNew(topic))
  }

  #greet(): string {
    const { ask, hello } = this.#phrases
    const latest = this.#latest()
    return this.#say(hello(latest), latest ? ask.lookUp : ask.whatLearning)
  }

  #tellMore(): string {
    const { ask } = this.#phrases
    const topic = this.#earlierTopic()
    if (topic === undefined) return this.#say(this.#phrases.good, ask.goOn(undefined))
    const query = this.#queryFromEarlier({ content: [], weak: [], kind: 'overview' })
    const unheard = this.#evidence(query).filter((one) => !this.#lastReplies().includes(one.sentence.quote))
    const [next] = unheard.filter((one) => !one.isMention && !one.sentence.isQuestion)
    if (!next) return this.#say(this.#phrases.noMore(topic), ask.afterNothing)
    return this.#say(this.#phrases.answer([this.#cite(next)]), ask.afterAnswer.other)
  }

  #takeList(): string {
    return this.#say(this.#phrases.listSoFar(this.#items(this.#text)), [this.#phrases.ask.oneMore])
  }

  /** Asked once for more, the learner has added something or nothing: now the list is read back. */
  #finishList(added: readonly string[]): string {
    const before = this.#earlier.findLast((text) => itemsIn(text, this.#language).length >= 2) ?? ''
    const items = [...this.#items(before), ...added.map((item) => this.#item(item))]
    return this.#say(this.#phrases.listDone(items), this.#phrases.ask.afterList)
  }

  #items(text: string): string[] {
    return itemsIn(text, this.#language).map((item) => this.#item(item))
  }

  #item(text: string): string {
    const plain = trimItem(text.replace(/\s+/g, ' ').replace(/\?+$/, ''), this.#language)
    const cut = plain.length > LONGEST_ITEM ? `${plain.slice(0, LONGEST_ITEM).replace(/\s\S*$/, '')}…` : plain
    return this.#phrases.quote(cut.toWellFormed())
  }

  // ------------------------------------------------------------------------------------------ memory

  #evidence(query: Query): Evidence[] {
    return findEvidence(this.#passages, query, this.#language)
  }

  #wasJustSaid(passage: Passage): boolean {
    return (
      this.#input.nowMs - timeOf(passage) < JUST_SAID_MS &&
      isSame(passage.text.slice(0, LONGEST_LOOK), this.#text, this.#language)
    )
  }

  /** Among the passages that share most with the text, the earliest: an idea is tied to where it began. */
  #earliestRelated(query: Query): Evidence | undefined {
    const needed = query.content.length >= 4 ? 2 : 1
    const fitting = this.#evidence(query).filter((one) => one.covered.size >= needed)
    const best = fitting[0]
    if (!best) return undefined
    return fitting
      .filter((one) => one.score >= best.score * ABOUT_AS_GOOD)
      .reduce((first, one) => (timeOf(one.sentence.passage) < timeOf(first.sentence.passage) ? one : first))
  }

  #closeInMeaning(): Cited | undefined {
    const best = this.#passages
      .filter((passage) => passage.score >= CLOSE_IN_MEANING)
      .reduce<Passage | undefined>(
        (chosen, passage) => (chosen && chosen.score >= passage.score ? chosen : passage),
        undefined,
      )
    return best && this.#citePassage(best)
  }

  #latest(): Cited | undefined {
    const latest = this.#passages.reduce<Passage | undefined>(
      (chosen, passage) => (chosen && timeOf(chosen) >= timeOf(passage) ? chosen : passage),
      undefined,
    )
    return latest && this.#citePassage(latest)
  }

  #citePassage(passage: Passage): Cited | undefined {
    const [first] = sentencesOf(passage, this.#language)
    return first && { quote: `${this.#phrases.quote(first.quote)} [${passage.number}]`, when: this.#dayOf(passage) }
  }

  #cite(evidence: Evidence): Cited {
    return this.#citeTogether(evidence.sentence.passage, [evidence])
  }

  /** Sentences of one passage stand together, in its order and under one citation. */
  #citeAll(picked: readonly Evidence[]): Cited[] {
    const byPassage = Map.groupBy(picked, (one) => one.sentence.passage)
    return Array.from(byPassage, ([passage, group]) => this.#citeTogether(passage, group))
  }

  #citeTogether(passage: Passage, group: readonly Evidence[]): Cited {
    const quotes = group
      .toSorted((a, b) => a.sentence.ordinal - b.sentence.ordinal)
      .map((one) => this.#phrases.quote(one.sentence.quote))
    return { quote: `${quotes.join(', ')} [${passage.number}]`, when: this.#dayOf(passage) }
  }

  // ------------------------------------------------------------------------------------------ what came before

  #quotedTopic(text: string): Topic {
    const topic = topicOf(text, this.#language)
    return topic === undefined ? undefined : this.#phrases.quote(topic.toWellFormed())
  }

  #earlierTopic(): Topic {
    for (const text of this.#earlier.toReversed()) {
      const topic = this.#quotedTopic(text)
      if (topic !== undefined) return topic
    }
    return undefined
  }

  #queryFromEarlier(query: Query): Query {
    for (const text of this.#earlier.toReversed()) {
      const before = queryOf(text, query.kind, this.#language)
      if (topicOf(text, this.#language) !== undefined) return before
    }
    return query
  }

  #topicsSoFar(): string[] {
    const topics = this.#earlier
      .map((text) => ({ text, kind: readUtterance(text, this.#language).kind }))
      .filter(({ kind }) => ['question', 'statement', 'reflection', 'listing'].includes(kind))
      .map(({ text }) => this.#quotedTopic(text))
      .filter((topic) => topic !== undefined)
    const different = new Map(topics.map((topic) => [topic.toLowerCase(), topic]))
    return [...different.values()].slice(-TOPICS_IN_GOODBYE)
  }

  #lastReplies(): string {
    return this.#input.messages
      .filter((message) => message.role === 'assistant')
      .map((message) => message.text)
      .join('\n')
  }

  // ------------------------------------------------------------------------------------------ speaking

  #say(openers: readonly string[], questions: readonly string[]): string {
    return `${this.#choose(openers)} ${this.#choose(questions)}`
  }

  /** One of the variants: always the same for the same words, but not the one that was used a moment ago. */
  #choose(variants: readonly string[]): string {
    const fresh = variants.filter((variant) => !this.#lastReply.includes(variant))
    const open = fresh.length > 0 ? fresh : variants
    return open[hash(this.#text) % open.length] ?? ''
  }

  #dayOf(passage: Passage): string {
    const time = timeOf(passage)
    if (!Number.isFinite(time)) return ''
    const { nowMs, timeZone } = this.#input
    const locale = { en: 'en-GB', de: 'de', es: 'es' }[this.#language]
    const day = (ms: number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(ms)
    const date = day(time)
    if (date === day(nowMs)) return this.#phrases.today
    if (date === day(nowMs - 24 * 3_600_000)) return this.#phrases.yesterday
    const sameYear = date.slice(0, 4) === day(nowMs).slice(0, 4)
    return new Intl.DateTimeFormat(locale, {
      timeZone,
      day: 'numeric',
      month: 'long',
      ...(sameYear ? {} : { year: 'numeric' }),
    }).format(time)
  }
}

/** Milliseconds since 1970; later than everything where the date cannot be read. */
function timeOf(passage: Passage): number {
  const time = Date.parse(passage.when)
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time
}

/** The 32-bit FNV-1a hash of a text's UTF-16 code units (Fowler, Noll, Vo). */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
