import { useTranslation } from 'react-i18next'
import { Dots } from '../ui/waiting.tsx'
import type { Turn } from './turn.ts'

/** Who is still at work on a turn whose answer is there, and on what. */
export function AtWork({ turn }: { turn: Pick<Turn, 'working' | 'doing' | 'consents'> }) {
  const { t } = useTranslation()
  const lines = turn.working.map((agent) => {
    if (agent === 'research' && turn.consents.length > 0) return t('talk.atWork.asking')
    const about = turn.doing[agent]
    return about ? t('talk.atWorkOn', { who: t(`talk.who.${agent}`), about }) : t(`talk.atWork.${agent}`)
  })
  return (
    <p role="status" className="mt-4 flex items-center gap-3 text-ink-quiet text-meta">
      <Dots />
      <span>{lines.length > 0 ? lines.join(' ') : t('talk.atWork.nobody')}</span>
    </p>
  )
}
