import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Eraser, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { keys } from '../../backend/queries.ts'
import { Button, LINK_BUTTON } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part } from '../section.tsx'

/** What was deleted and can still be taken back, and a button that forgets it at once. */
export function DeletedPart() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const waiting = useQuery({
    queryKey: keys.deleted,
    queryFn: ({ signal }) => client.forgetting.waiting(undefined, { signal }),
  })
  const forget = useMutation({
    mutationFn: () => client.forgetting.forgetNow(),
    onSettled: () => cache.invalidateQueries(),
  })
  if (waiting.error) return <FailureNote failure={toFailure(waiting.error)} />
  if (!waiting.data) return <Waiting />
  const { captures, notes, documents, collections, oldest, hours } = waiting.data
  const isAny = oldest !== null
  return (
    <Part title={t('settings.privacy.deleted.title')}>
      <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.privacy.deleted.about', { hours })}</p>
      <p role="status" className="figures text-ui">
        {forget.isPending
          ? t('settings.privacy.deleted.forgetting')
          : forget.data && !isAny
            ? t('settings.privacy.deleted.done', { memories: forget.data.memories, cards: forget.data.cards })
            : isAny
              ? t('settings.privacy.deleted.waiting', { captures, notes, documents, collections })
              : t('settings.privacy.deleted.none')}
      </p>
      {forget.error && <FailureNote failure={toFailure(forget.error)} />}
      <div className="flex flex-wrap gap-2">
        <Link to="/library" search={{ tab: 'deleted' }} className={LINK_BUTTON}>
          <Trash2 aria-hidden />
          {t('settings.privacy.deleted.show')}
        </Link>
        <Button look="danger" disabled={!isAny || forget.isPending} onClick={() => setAsking(true)}>
          <Eraser aria-hidden />
          {t('settings.privacy.deleted.now')}
        </Button>
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t('settings.privacy.deleted.ask')}
        description={t('settings.privacy.deleted.askMore')}
        yes={t('settings.privacy.deleted.yes')}
        onYes={() => forget.mutate()}
      />
    </Part>
  )
}
