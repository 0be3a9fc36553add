import { Square, Volume2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Addition, Citation, Source } from '../../src-core/contract/index.ts'
import { useStore } from '../backend/store.ts'
import { IconButton } from '../ui/button.tsx'
import { AnswerText } from './answer-text.tsx'
import { useTalk } from './talk.tsx'

/** What agents added below the answer, each marked with who did. It is read aloud only when that is asked for. */
export function Additions({
  captureId,
  additions,
  citations,
  sources,
}: {
  captureId: string
  additions: readonly Pick<Addition, 'agent' | 'text'>[]
  citations: readonly Citation[]
  sources: readonly Source[]
}) {
  const { t } = useTranslation()
  const { speaker } = useTalk()
  const speaking = useStore(speaker, (store) => store.speaking)
  return additions.map(({ agent, text }, index) => {
    const name = `${captureId} addition ${index}`
    const isSpeaking = speaking?.captureId === name
    const who = t(`talk.adds.${agent}`)
    return (
      <section
        // biome-ignore lint/suspicious/noArrayIndexKey: additions only ever come behind those that there are
        key={index}
        aria-label={who}
        className="mt-5 animate-appear border-accent-line border-l-2 pl-4"
      >
        <header className="mb-1 flex min-h-8 items-center justify-between gap-3">
          <h4 className="font-medium text-ink-quiet text-meta">{who}</h4>
          <IconButton
            size="small"
            label={isSpeaking ? t('talk.silence') : t('talk.speakAddition')}
            onClick={() => (isSpeaking ? speaker.stop() : speaker.speak(name, text))}
          >
            {isSpeaking ? <Square /> : <Volume2 />}
          </IconButton>
        </header>
        <AnswerText text={text} citations={citations} sources={sources} marked={isSpeaking ? speaking.stretch : null} />
      </section>
    )
  })
}
