import type { Source } from '../../vault/index.ts'
import type { Leaving } from '../orchestrator/consents.ts'

/** What is looked up. */
export interface Question {
  /** The words that are searched for; for a given address, the address. */
  words: string
  /** Language of the learner's words, ISO 639-1. */
  language: string
}

/** A text that a source gave for a question. */
export interface FoundText {
  title: string
  /** http or https; null for a tool that has no address. */
  url: string | null
  /** Plain text, in the words of the source. */
  text: string
}

/** Somebody who can be asked. One acceptance suite (`test/suites/research-source-suite.ts`) says what each must do. */
export interface ResearchSource {
  /** As Settings and the timeline know it. */
  readonly name: SourceName
  readonly kind: Source['kind']
  /** What stands in the list of those who may be asked without asking the learner first: the name, or the origin of a server of their own. */
  readonly allowedAs: string
  /** Least milliseconds from one request to the next. */
  readonly pauseMs: number
  /** What goes out for a question, word for word, and to whom. */
  leaving(question: Question): Leaving
  /**
   * The best first; empty where it has nothing.
   * @throws LvaError source-…, address-…, answer-…, timeout, cancelled
   */
  ask(question: Question, signal: AbortSignal): Promise<FoundText[]>
}

export type SourceName = 'searxng' | 'json' | 'tavily' | 'brave' | 'wikipedia' | 'arxiv' | 'address'
