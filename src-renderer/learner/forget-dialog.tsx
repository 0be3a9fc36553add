import { useTranslation } from 'react-i18next'
import type { Memory } from '../../src-core/contract/index.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useRestingCards } from './queries.ts'

/** Says what forgetting takes along, and what it leaves, before it happens. */
export function ForgetDialog({
  memory,
  onForget,
  onClose,
}: {
  memory: Memory | null
  onForget(memory: Memory): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const cards = useRestingCards(memory ? [memory.id] : [])
  return (
    <Dialog
      open={memory !== null}
      onClose={onClose}
      title={t('about.forgetTitle')}
      description={t('about.forgetAbout', { text: memory?.text ?? '' })}
    >
      <ul className="mb-2 w-full list-disc space-y-1 pl-5 text-ink-soft text-ui">
        {cards.data && cards.data.length > 0 && <li>{t('about.forgetCards', { count: cards.data.length })}</li>}
        {memory?.receipt?.holds && <li>{t('about.forgetStays')}</li>}
        <li>{t('about.forgetUndo')}</li>
      </ul>
      <Button onClick={onClose}>{t('common.cancel')}</Button>
      <Button
        look="danger"
        disabled={cards.isFetching}
        onClick={() => {
          if (memory) onForget(memory)
          onClose()
        }}
      >
        {t('about.forget')}
      </Button>
    </Dialog>
  )
}
