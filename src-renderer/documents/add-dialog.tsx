import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { GrowingText } from '../ui/growing-text.tsx'
import { readPasted } from './pasted.ts'

/** Asks for an address or a text, and says what will be made of what stands in the field. */
export function AddDialog({ given, onClose }: { given: string; onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const navigate = useNavigate()
  const [text, setText] = useState(given)
  const pasted = readPasted(text)
  const add = useMutation({
    mutationFn: async () => {
      if (pasted.kind === 'address') await client.documents.addAddress({ address: pasted.url })
      if (pasted.kind === 'text') await client.documents.addText({ text: pasted.text })
    },
    onSuccess: () => {
      onClose()
      void navigate({ to: '/library', search: { tab: 'documents' } })
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('documents.paste.title')} description={t('documents.paste.about')}>
      <form
        className="w-full"
        onSubmit={(event) => {
          event.preventDefault()
          if (pasted.kind !== 'nothing' && !add.isPending) add.mutate()
        }}
      >
        <GrowingText
          autoFocus
          aria-label={t('documents.paste.field')}
          placeholder={t('documents.paste.placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            add.reset()
          }}
          onKeyDown={(event) => {
            const sends = event.key === 'Enter' && !event.nativeEvent.isComposing
            if (!sends || !(pasted.kind === 'address' || event.ctrlKey || event.metaKey)) return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
          className="block max-h-[40dvh] min-h-28 w-full rounded-lg border border-line bg-surface px-3 py-2 text-ui [overflow-wrap:anywhere] focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
        />
        {add.error && <FailureNote failure={toFailure(add.error)} className="mt-3" />}
        <p role="status" className="mt-2 min-h-5 text-ink-quiet text-meta">
          {pasted.kind === 'address' && t('documents.paste.isAddress')}
          {pasted.kind === 'text' && t('documents.paste.isText')}
        </p>
        <div className="mt-4 flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" look="primary" disabled={pasted.kind === 'nothing' || add.isPending}>
            {add.isPending
              ? t('documents.paste.adding')
              : pasted.kind === 'text'
                ? t('documents.paste.addText')
                : t('documents.paste.addPage')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
