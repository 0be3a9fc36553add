import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  Eraser,
  FileText,
  Folder,
  type LucideIcon,
  MessageSquare,
  MessagesSquare,
  Monitor,
  StickyNote,
  Undo2,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RestorableThing } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { keys } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { useToast } from '../ui/toasts.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { useTellFailure } from './history.ts'

const SIGNS: Record<RestorableThing['kind'], LucideIcon> = {
  capture: MessageSquare,
  session: MessagesSquare,
  note: StickyNote,
  document: FileText,
  collection: Folder,
}

/** What was deleted and can still be restored, or forgotten at once. */
export function DeletedTab() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const toast = useToast()
  const tellFailure = useTellFailure()
  const [asking, setAsking] = useState<RestorableThing | null>(null)
  const { data, error } = useQuery({
    queryKey: [...keys.deleted, 'list'],
    queryFn: ({ signal }) => client.forgetting.list(undefined, { signal }),
    // What other places delete, and other devices, is not told here.
    staleTime: 0,
    refetchOnMount: 'always',
  })
  const settings = { onError: tellFailure, onSettled: () => cache.invalidateQueries() }
  const restore = useMutation({
    ...settings,
    mutationFn: ({ kind, id }: RestorableThing) => client.forgetting.restore({ things: [{ kind, id }] }),
    onSuccess: () => toast({ text: t('library.deleted.restored') }),
  })
  const forget = useMutation({
    ...settings,
    mutationFn: ({ kind, id }: RestorableThing) => client.forgetting.forget({ things: [{ kind, id }] }),
    onSuccess: () => toast({ text: t('library.deleted.forgotten') }),
  })
  if (error) return <FailureNote failure={toFailure(error)} className="m-5" />
  if (!data) return <Waiting />
  const isBusy = restore.isPending || forget.isPending
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-3xl px-5 py-6 sm:py-8">
        {data.things.length === 0 ? (
          <Empty title={t('library.deleted.none')} className="">
            {t('library.deleted.noneMore')}
          </Empty>
        ) : (
          <>
            <p className="mb-6 max-w-[65ch] text-ink-soft text-ui leading-relaxed">{t('library.deleted.about')}</p>
            <ul aria-label={t('library.tab.deleted')} className="divide-y divide-line border-line border-y">
              {data.things.map((thing) => (
                <DeletedRow
                  key={`${thing.kind} ${thing.id}`}
                  thing={thing}
                  isBusy={isBusy}
                  onRestore={() => restore.mutate(thing)}
                  onForget={() => setAsking(thing)}
                />
              ))}
            </ul>
            <p role="status" className="mt-4 text-ink-quiet text-meta">
              {forget.isPending ? t('settings.privacy.deleted.forgetting') : ''}
            </p>
          </>
        )}
      </div>
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={t('library.deleted.ask')}
        description={t('settings.privacy.deleted.askMore')}
        yes={t('settings.privacy.deleted.yes')}
        onYes={() => asking && forget.mutate(asking)}
      />
    </div>
  )
}

function DeletedRow({
  thing,
  isBusy,
  onRestore,
  onForget,
}: {
  thing: RestorableThing
  isBusy: boolean
  onRestore(): void
  onForget(): void
}) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { kind, words, at, entries, isFrame, hoursLeft } = thing
  const Sign = isFrame ? Monitor : SIGNS[kind]
  const name = words || t(`library.deleted.nameless.${isFrame ? 'frame' : kind}`)
  const what = isFrame
    ? t('library.deleted.kind.frame')
    : kind === 'session'
      ? t('library.deleted.kind.session', { count: entries })
      : t(`library.deleted.kind.${kind}`)
  const left =
    hoursLeft === null
      ? t('library.deleted.waits')
      : t('library.deleted.hoursLeft', { count: Math.max(1, Math.ceil(hoursLeft)) })
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4">
      <Sign aria-hidden className="size-5 shrink-0 self-start text-ink-quiet" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="line-clamp-2 text-ui [overflow-wrap:anywhere]">{name}</p>
        <p className="mt-0.5 text-ink-quiet text-meta">
          {what} · {t('library.deleted.when', { moment: moment(at) })} · {left}
        </p>
      </div>
      <div className="flex gap-2 max-sm:basis-full max-sm:pl-9">
        <Button
          size="small"
          disabled={isBusy}
          aria-label={t('library.deleted.restoreOne', { name })}
          onClick={onRestore}
        >
          <Undo2 aria-hidden />
          {t('library.deleted.restore')}
        </Button>
        <Button
          size="small"
          look="quiet"
          disabled={isBusy}
          aria-label={t('library.deleted.forgetOne', { name })}
          onClick={onForget}
        >
          <Eraser aria-hidden />
          {t('library.deleted.forget')}
        </Button>
      </div>
    </li>
  )
}
