import { useMutation } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Summary, SummaryOf } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useFormats } from '../i18n/format.ts'
import { useDeletion, useTellFailure } from '../library/history.ts'
import { useToast } from '../ui/toasts.tsx'
import { noteText } from './note-text.ts'

/** Keeps a summary as a note and opens it; one press takes it back and comes back. */
export function useSaveAsNote(of: SummaryOf, name: string) {
  const { t } = useTranslation()
  const client = useClient()
  const navigate = useNavigate()
  const router = useRouter()
  const deletion = useDeletion()
  const toast = useToast()
  const tellFailure = useTellFailure()
  const { moment } = useFormats()
  return useMutation({
    mutationFn: (summary: Summary) =>
      client.notes.create({
        title: t('summary.titleOf', { name }),
        body: noteText(summary, { places: t('talk.sources'), questions: t('summary.questions'), moment }),
      }),
    onSuccess: async ({ id }) => {
      const takeBack = async () => {
        // An open editor would save what was taken away.
        const { search } = router.state.location
        if ('note' in search && search.note === id) await navigate({ to: '/summary', search: of })
        deletion.note(id)
      }
      await navigate({ to: '/library', search: { tab: 'notes', note: id } })
      toast({ text: t('summary.saved'), action: { label: t('history.undo.action'), run: () => void takeBack() } })
    },
    onError: tellFailure,
  })
}
