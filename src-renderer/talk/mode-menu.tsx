import { ChevronDown, Footprints, MessageCircle, MessageCircleQuestion } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Menu, MenuChoice, MenuChoices } from '../ui/menu.tsx'
import { TALK_MODES, type TalkMode } from './mode-choice.ts'
import { useTalkMode } from './use-talk-mode.ts'

const SIGNS = { answer: MessageCircle, 'ask-first': Footprints, socratic: MessageCircleQuestion }

/** How the next words are answered: a quiet button by the editor. */
export function ModeMenu({ sessionId }: { sessionId: string | undefined }) {
  const { t } = useTranslation()
  const { mode, choose } = useTalkMode(sessionId)
  const Sign = SIGNS[mode]
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={t('talk.mode.now', { mode: t(`talk.mode.${mode}.name`) })}
          className="inline-flex h-9 shrink-0 items-center gap-1.5 rounded-lg px-2 text-ink-quiet text-meta transition-colors hover:bg-hover hover:text-ink pointer-coarse:h-11"
        >
          <Sign aria-hidden className="size-4" />
          <span className={mode === 'answer' ? 'sr-only' : 'max-sm:sr-only'}>{t(`talk.mode.${mode}.name`)}</span>
          <ChevronDown aria-hidden className="size-3.5" />
        </button>
      }
    >
      <MenuChoices label={t('talk.mode.label')} value={mode} onValue={(value) => choose(value as TalkMode)}>
        {TALK_MODES.map((value) => (
          <MenuChoice key={value} value={value} detail={t(`talk.mode.${value}.detail`)}>
            {t(`talk.mode.${value}.name`)}
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  )
}
