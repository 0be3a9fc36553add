import type { Transcript } from '../../src-core/contract/index.ts'
import type { DraftPicture } from '../pictures/draft-picture.ts'

/** What the learner is about to send. It stays while they look something up elsewhere. */
export interface DraftText {
  text: string
  /** The kept recording that the words come from. */
  audioSha256: string | null
  source: 'text' | 'voice'
  /** ISO 639-1 of what was spoken; left out where it was typed, or nobody can say. */
  spokenLanguage?: string
  /** Only this page has them until they are sent. */
  pictures: readonly DraftPicture[]
  /** Counts what was spoken into it, so that the editor can take the focus and show its end. */
  spoken: number
}

const EMPTY: DraftText = { text: '', audioSha256: null, source: 'text', pictures: [], spoken: 0 }

export class Draft {
  #present = EMPTY
  readonly #listeners = new Set<() => void>()

  get present(): DraftText {
    return this.#present
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The learner typed. A text that is emptied is nobody's recording any more. */
  write(text: string): void {
    const { spoken, pictures } = this.#present
    this.#set(text.trim() === '' ? { ...EMPTY, text, spoken, pictures } : { ...this.#present, text })
  }

  show(pictures: readonly DraftPicture[]): void {
    this.#set({ ...this.#present, pictures: [...this.#present.pictures, ...pictures] })
  }

  takeOut(key: string): void {
    this.#set({ ...this.#present, pictures: this.#present.pictures.filter((picture) => picture.key !== key) })
  }

  /** What was heard joins what already stands there. */
  hear(transcript: Pick<Transcript, 'text' | 'audioSha256'> & Partial<Pick<Transcript, 'language'>>): void {
    const { text, audioSha256, spoken } = this.#present
    this.#set({
      ...this.#present,
      text: [text.trimEnd(), transcript.text.trim()].filter(Boolean).join(' '),
      audioSha256: transcript.audioSha256 ?? audioSha256,
      source: 'voice',
      ...(transcript.language && { spokenLanguage: transcript.language }),
      spoken: spoken + 1,
    })
  }

  /** What could not be sent stands here again, before whatever was written since. */
  takeBack({
    text,
    source,
    audioSha256,
    pictures = [],
  }: Pick<DraftText, 'text' | 'audioSha256'> & { source: string; pictures?: readonly DraftPicture[] }): void {
    const { text: written, spoken, pictures: shown } = this.#present
    this.#set({
      text: [text, written.trim()].filter(Boolean).join('\n'),
      source: source === 'voice' ? 'voice' : 'text',
      audioSha256,
      pictures: [...pictures, ...shown],
      spoken: spoken + 1,
    })
  }

  clear(): void {
    this.#set({ ...EMPTY, spoken: this.#present.spoken })
  }

  #set(draft: DraftText): void {
    this.#present = draft
    for (const listener of [...this.#listeners]) listener()
  }
}
