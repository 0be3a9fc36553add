import { type Capture, TALK_MODES, type TalkMode } from '../../vault/index.ts'

/** The mode in which a capture was said, so that asking again answers it in the same way. */
export function modeOf({ metadata }: Pick<Capture, 'metadata'>): TalkMode {
  return TALK_MODES.find((mode) => mode === metadata.mode) ?? 'answer'
}
