import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useStore } from '../backend/store.ts'
import { DropZone } from '../documents/drop-zone.tsx'
import { filesIn } from '../documents/dropped-files.ts'
import { useFormats } from '../i18n/format.ts'
import { MOST_PICTURES, picturesAmong } from '../pictures/draft-picture.ts'
import { DraftStrip } from '../pictures/draft-strip.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { COMPOSER_ID } from '../talk/composer.tsx'
import { RecordingFailure, RecordingPanel } from '../talk/recording-panel.tsx'
import { useTalk } from '../talk/talk.tsx'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { GrowingText } from '../ui/growing-text.tsx'
import { Keys } from '../ui/keys.tsx'
import { useToast } from '../ui/toasts.tsx'
import { MicButton } from '../voice/mic-button.tsx'
import { DraftFiles } from './draft-files.tsx'
import { keepDraft } from './keep.ts'
import { useLinkWords } from './link-words.ts'
import { isQuickWindow, useLeaveQuick } from './quick-window.ts'

const route = getRouteApi('/quick')

/** More files than this belong into the Library, which shows how far it is with each. */
const MOST_FILES_HERE = 50

/** A small window: type, speak, paste or drop, Enter, gone. What is kept is answered by nobody. */
export function QuickPlace() {
  const { t } = useTranslation()
  const { recorder, draft } = useTalk()
  const recording = useStore(recorder, (store) => store.state)
  const present = useStore(draft, (store) => store.present)
  const editor = useRef<HTMLTextAreaElement>(null)
  const [isLeaving, setLeaving] = useState(false)
  usePageTitle(t('quick.title'))
  const leaveQuick = useLeaveQuick()
  const link = useLinkWords(draft, route.useSearch().text)
  const client = useClient()
  const toast = useToast()
  const { number } = useFormats()
  const [files, setFiles] = useState<readonly File[]>([])
  const takeOut = (file: File) => setFiles((before) => before.filter((other) => other !== file))
  const keep = useMutation({
    mutationFn: () => keepDraft(client, present, files, takeOut),
    onSuccess: () => {
      draft.clear()
      leaveQuick()
    },
  })
  const forgetFailure = () => {
    if (keep.isError) keep.reset()
  }
  const take = (given: readonly File[]) => {
    const { pictures, others } = picturesAmong(given)
    const isLookedAt = present.pictures.length + pictures.length <= MOST_PICTURES
    const more = isLookedAt ? others : given
    if (files.length + more.length > MOST_FILES_HERE)
      return toast({ text: t('quick.tooMany', { shown: number(given.length) }), detail: t('quick.tooManyMore') })
    if (isLookedAt) draft.show(pictures)
    setFiles((before) => [...before, ...more])
    editor.current?.focus()
  }
  const isBlank = present.text.trim() === '' && present.pictures.length === 0 && files.length === 0
  const isOpen = recording.phase === 'opening' || recording.phase === 'recording' || recording.phase === 'finishing'

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was just heard is there to be corrected
  useEffect(() => editor.current?.focus(), [isOpen, present.spoken])
  // The desktop hides this window and shows it again.
  useEffect(() => {
    const onShown = () => editor.current?.focus()
    addEventListener('focus', onShown)
    return () => removeEventListener('focus', onShown)
  }, [])
  const leave = () => {
    // The page stays where the desktop only hides its window.
    if (isQuickWindow()) draft.clear()
    setFiles([])
    forgetFailure()
    setLeaving(false)
    leaveQuick()
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      if (!isBlank && !keep.isPending && link.isMeant(event.timeStamp)) keep.mutate()
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      // Nothing is thrown away by one key. In the place of another page what was written is that of Talk, and stays there.
      const stays = !isQuickWindow() && files.length === 0
      if (isBlank || isLeaving || stays) leave()
      else setLeaving(true)
    } else setLeaving(false)
  }

  return (
    <main className="flex h-full flex-col bg-surface">
      <DropZone invitation={t('quick.drop')} onDrop={async (entries) => take(await filesIn(entries))} />
      <h1 className="sr-only">{t('quick.title')}</h1>
      {recording.phase === 'failed' && <RecordingFailure state={recording} />}
      {isOpen ? (
        <RecordingPanel state={recording} />
      ) : (
        <form
          className="flex min-h-0 flex-1 flex-col"
          onSubmit={(event) => {
            event.preventDefault()
            if (!isBlank) keep.mutate()
          }}
        >
          <DraftStrip
            pictures={present.pictures}
            onRemove={(key) => {
              draft.takeOut(key)
              // The button that had the keyboard is gone.
              editor.current?.focus()
            }}
          />
          <DraftFiles
            files={files}
            onRemove={(file) => {
              takeOut(file)
              forgetFailure()
              editor.current?.focus()
            }}
          />
          <GrowingText
            id={COMPOSER_ID}
            ref={editor}
            rows={3}
            value={present.text}
            aria-label={t('quick.editor')}
            placeholder={t('quick.placeholder')}
            onPaste={(event) => {
              const files = [...event.clipboardData.files]
              if (files.length === 0) return
              event.preventDefault()
              take(files)
            }}
            onChange={(event) => draft.write(event.target.value)}
            onKeyDown={onKey}
            className="words-small block min-h-0 w-full flex-1 bg-transparent px-5 pt-4 pb-1 outline-none"
          />
          {link.offered && (
            <div className="mx-4 mb-2 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-sunken px-3 py-2 text-meta">
              <p className="mr-auto min-w-0 basis-40 truncate">{t('quick.fromLink', { words: link.offered })}</p>
              <Button size="small" onClick={link.join}>
                {t('quick.join')}
              </Button>
              <Button size="small" look="quiet" onClick={link.refuse}>
                {t('common.dismiss')}
              </Button>
            </div>
          )}
          {keep.error && (
            <div className="px-4 pb-2">
              <FailureNote failure={toFailure(keep.error)} />
            </div>
          )}
          <div className="flex items-center gap-2 px-3 pb-3 pl-5">
            <p role="status" className="mr-auto flex items-center gap-2 text-ink-quiet text-meta">
              {isLeaving ? (
                t('quick.escAgain')
              ) : (
                <>
                  <Keys keys={[t('key.enter')]} />
                  {keep.isPending ? t('quick.keeping') : t('quick.hint')}
                </>
              )}
            </p>
            {!isBlank && (
              <button
                type="submit"
                aria-label={t('quick.keep')}
                title={t('quick.keep')}
                disabled={keep.isPending}
                className="inline-flex size-11 items-center justify-center rounded-full bg-ink text-paper transition-opacity hover:opacity-85 disabled:opacity-45"
              >
                <ArrowUp className="size-5" />
              </button>
            )}
            <MicButton />
          </div>
        </form>
      )}
    </main>
  )
}
