import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Copy, Printer } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupStatus, NewPhrase as MadePhrase } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { Waiting } from '../../ui/waiting.tsx'

/** What a phrase is made for, and what has changed once it is taken. */
export interface PhraseUse {
  begin(): Promise<MadePhrase>
  confirm(words: string[]): Promise<unknown>
  changes: readonly string[]
}

/**
 * A new recovery phrase: shown this once, then asked for three of its words, then forgotten.
 * @param keyStorage of backups, which the learner is told where it keeps no key
 */
export function NewPhrase({
  use,
  keyStorage,
  onCancel,
}: Partial<Pick<BackupStatus, 'keyStorage'>> & { use: PhraseUse; onCancel(): void }) {
  const { mutate, data, error } = useMutation({ mutationFn: () => use.begin() })
  const [isWritten, setWritten] = useState(false)
  useEffect(() => mutate(), [mutate])
  if (error) return <FailureNote failure={toFailure(error)} />
  if (!data) return <Waiting />
  return isWritten ? (
    <Confirm use={use} positions={data.positions} onBack={() => setWritten(false)} onDone={onCancel} />
  ) : (
    <Words words={data.words} keyStorage={keyStorage} onCancel={onCancel} onWritten={() => setWritten(true)} />
  )
}

function Words({
  words,
  keyStorage,
  onCancel,
  onWritten,
}: Partial<Pick<BackupStatus, 'keyStorage'>> & { words: string[]; onCancel(): void; onWritten(): void }) {
  const { t } = useTranslation()
  const copy = useCopy()
  const toast = useToast()
  return (
    <>
      <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.backups.phrase.write')}</p>
      <ol
        aria-label={t('settings.backups.phrase.title')}
        className="print-alone grid grid-cols-2 gap-x-6 gap-y-2 rounded-xl border border-line bg-sunken px-5 py-4 sm:grid-cols-4"
      >
        {words.map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and none moves
          <li key={at} className="flex gap-2 font-mono text-ui">
            <span aria-hidden className="figures w-6 shrink-0 text-right text-ink-quiet">
              {at + 1}
            </span>
            {word}
          </li>
        ))}
      </ol>
      {keyStorage === 'session' && <Notice>{t('settings.backups.phrase.session')}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={onWritten}>
          {t('settings.backups.phrase.written')}
        </Button>
        <Button onClick={() => window.print()}>
          <Printer />
          {t('settings.backups.phrase.print')}
        </Button>
        <Button
          onClick={async () => {
            if (await copy(words.join(' ')))
              toast({ text: t('common.copied'), detail: t('settings.backups.phrase.copiedMore') })
          }}
        >
          <Copy />
          {t('common.copy')}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </>
  )
}

function Confirm({
  use,
  positions,
  onBack,
  onDone,
}: {
  use: PhraseUse
  positions: number[]
  onBack(): void
  onDone(): void
}) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [typed, setTyped] = useState(() => positions.map(() => ''))
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const confirm = useMutation({
    mutationFn: () => use.confirm(typed),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: use.changes })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!confirm.isPending) confirm.mutate()
  }
  return (
    <form onSubmit={submit} className="space-y-5">
      <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.backups.phrase.confirm')}</p>
      <div className="grid gap-4 sm:grid-cols-3">
        {positions.map((position, at) => (
          <TextField
            key={position}
            ref={at === 0 ? first : undefined}
            label={t('settings.backups.phrase.word', { position })}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={100}
            value={typed[at] ?? ''}
            onChange={({ target }) => setTyped(typed.map((word, other) => (other === at ? target.value : word)))}
          />
        ))}
      </div>
      {confirm.error && <FailureNote failure={toFailure(confirm.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={confirm.isPending || typed.some((word) => word.trim() === '')}>
          {t('settings.backups.phrase.check')}
        </Button>
        <Button look="quiet" onClick={onBack}>
          {t('settings.backups.phrase.again')}
        </Button>
      </div>
    </form>
  )
}
