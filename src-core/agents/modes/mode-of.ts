import { type Capture, TALK_MODES, type TalkMode } from '../../vault/index.ts'

/** What a capture keeps of the mode in which it was said, so that asking again answers it in the same way. */
export function metadataOf(mode: TalkMode | undefined): { metadata?: { mode: TalkMode } } {
  return mode === undefined || mode === 'answer' ? {} : { metadata: { mode } }
}

export function modeOf({ metadata }: Pick<Capture, 'metadata'>): TalkMode {
  return TALK_MODES.find((mode) => mode === metadata.mode) ?? 'answer'
}
