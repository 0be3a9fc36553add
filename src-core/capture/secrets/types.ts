import type { SecretKind } from '../../kernel/index.ts'

export type { SecretKind }

/** Left, top, width and height, as parts of the picture. */
export type Box = [left: number, top: number, width: number, height: number]

/** A line as it was read: its words, with one space between in `text`. */
export interface SeenLine {
  text: string
  words: SeenWord[]
}

export interface SeenWord {
  /** Span in the text of the line, in UTF-16 code units. */
  start: number
  end: number
  box: Box
}

/** A stretch of one line that nobody should see. */
export interface Secret {
  kind: SecretKind
  /** Index of the line. */
  line: number
  start: number
  end: number
}

/** A stretch within one line, before it is known which. */
export type Stretch = Omit<Secret, 'line'>
