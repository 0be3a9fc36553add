import { useMutation } from '@tanstack/react-query'
import { AudioLines } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useRecognisers } from '../backend/queries.ts'
import { useTellFailure } from '../library/history.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'

/** Has a recording heard once more, by one of those that can hear now. */
export function TranscribeAgain({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const ready = (useRecognisers().data ?? []).filter(({ state }) => state === 'ready')
  const again = useMutation({
    mutationFn: (recogniser: string) => client.documents.retry({ ids: [document.id], ready: true, recogniser }),
    onError: tellFailure,
  })
  return (
    <Menu
      trigger={
        <IconButton size="small" label={t('documents.transcribeAgain')} disabled={again.isPending}>
          <AudioLines />
        </IconButton>
      }
    >
      {ready.map(({ id, name, kind, origin }) => (
        <MenuItem key={id} onSelect={() => again.mutate(id)}>
          {kind === 'openai'
            ? t('documents.transcribeBySending', { name, origin })
            : t('documents.transcribeBy', { name })}
        </MenuItem>
      ))}
    </Menu>
  )
}
