import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { keys } from '../../backend/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { NewPhrase } from '../backups/new-phrase.tsx'
import { Part } from '../section.tsx'
import { JoinByCode } from './join-by-code.tsx'
import { JoinByPhrase } from './join-by-phrase.tsx'

type Way = 'code' | 'phrase' | 'first'
const WAYS = ['code', 'phrase', 'first'] as const

/** Signed in, and not one of the vault's devices yet: the ways to become one. */
export function JoinPart({ status }: { status: SyncStatus }) {
  const { t } = useTranslation()
  const [way, setWay] = useState<Way>('code')
  const [isGoing, setGoing] = useState(false)
  if (isGoing) {
    return (
      <Part title={t(`settings.sync.join.${way}`)}>
        <Going way={way} status={status} onCancel={() => setGoing(false)} />
      </Part>
    )
  }
  return (
    <Part>
      <RadioList<Way>
        label={t('settings.sync.join.title')}
        options={WAYS.map((value) => ({
          value,
          label: t(`settings.sync.join.${value}`),
          detail: t(`settings.sync.join.${value}More`),
        }))}
        value={way}
        onValue={setWay}
      />
      {status.keyStorage === 'session' && <Notice>{t('settings.sync.join.session')}</Notice>}
      <Button look="primary" onClick={() => setGoing(true)}>
        {t('settings.sync.join.go')}
      </Button>
    </Part>
  )
}

function Going({ way, status, onCancel }: { way: Way; status: SyncStatus; onCancel(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  if (way === 'code') return <JoinByCode onCancel={onCancel} />
  if (way === 'phrase') {
    return <JoinByPhrase work={({ sync }, phrase) => sync.joinByPhrase({ phrase })} onCancel={onCancel} />
  }
  if (status.phraseKnown) {
    return (
      <>
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.sync.join.samePhrase')}</p>
        <JoinByPhrase work={({ sync }, phrase) => sync.begin({ phrase })} onCancel={onCancel} />
      </>
    )
  }
  const use = {
    begin: () => client.sync.newPhrase(),
    async confirm(words: string[]) {
      await client.sync.confirmPhrase({ words })
      await cache.invalidateQueries({ queryKey: keys.backups })
    },
    changes: keys.sync,
  }
  return <NewPhrase use={use} onCancel={onCancel} />
}
