import { Link, useRouter } from '@tanstack/react-router'
import { BookOpen, ExternalLink, MessagesSquare, X } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, Source as Elsewhere, Note } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useCapture, useNote } from '../backend/queries.ts'
import { DocumentSource } from '../documents/reader.tsx'
import { useFormats } from '../i18n/format.ts'
import { CapturePictures } from '../pictures/capture-pictures.tsx'
import { citedPlace } from '../pictures/cited-place.ts'
import { AnswerText } from '../talk/answer-text.tsx'
import { isWebAddress } from '../talk/web-address.ts'
import { IconButton, LINK_BUTTON } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Sheet } from '../ui/dialog.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { LongText } from '../ui/long-text.tsx'
import { useMedia, WIDE } from '../ui/media.ts'
import { Waiting } from '../ui/waiting.tsx'
import { RecordingPlayer } from '../voice/recording-player.tsx'
import { type Source, useSource } from './source.tsx'

/** A source, read without leaving the place: beside it where there is room, over it where there is none. */
export function SourceDrawer() {
  const { t } = useTranslation()
  const { source, elsewhere, close } = useSource()
  const isWide = useMedia(WIDE)
  const router = useRouter()
  // It belongs to the place it was opened in.
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ pathChanged }) => {
        if (pathChanged) close()
      }),
    [router, close],
  )
  // What opened it has the keyboard again once it closes, unless the learner has gone elsewhere.
  const isOpen = source !== null || elsewhere !== null
  useEffect(() => {
    if (!isOpen) return
    const opener = document.activeElement
    return () => {
      if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus()
    }
  }, [isOpen])
  const content = source ? (
    <SourceView key={`${source.captureId} ${source.field} ${source.start} ${source.end}`} source={source} />
  ) : (
    elsewhere && <ElsewhereSource source={elsewhere} />
  )
  if (!isWide) {
    return (
      <Sheet open={isOpen} onClose={close} title={t('source.title')}>
        {content}
      </Sheet>
    )
  }
  if (!isOpen) return null
  return (
    <aside
      aria-label={t('source.title')}
      className="flex w-[26rem] shrink-0 animate-appear flex-col border-line border-l bg-surface"
    >
      <header className="flex h-14 shrink-0 items-center justify-between pr-3 pl-6">
        <h2 className="font-semibold text-ui">{t('source.title')}</h2>
        <IconButton label={t('common.close')} onClick={close}>
          <X />
        </IconButton>
      </header>
      <div
        className={cx('min-h-0 flex-1', source?.kind === 'document' ? 'overflow-hidden' : 'overflow-y-auto px-6 pb-8')}
      >
        {content}
      </div>
    </aside>
  )
}

function SourceView({ source }: { source: Source }) {
  if (source.kind === 'document') return <DocumentSource id={source.captureId} place={source} />
  return <SpokenSource source={source} />
}

/** A place outside the learner's memory: what it says, word for word, and the way there. */
function ElsewhereSource({ source }: { source: Elsewhere }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  return (
    <article>
      <p className="figures text-ink-quiet text-meta">
        {t(`source.elsewhere.${source.kind}`)} · {t('source.elsewhere.looked', { when: moment(source.at) })}
      </p>
      <h3 className="mt-2 break-words font-semibold text-words-small" dir="auto">
        {source.title}
      </h3>
      {source.quote && (
        <blockquote className="mt-3 border-accent-line border-l-2 pl-4 text-body text-ink-soft" dir="auto">
          {source.quote}
        </blockquote>
      )}
      {source.url && isWebAddress(source.url) && (
        <Ways>
          <a href={source.url} target="_blank" rel="noreferrer" className={LINK_BUTTON}>
            <ExternalLink aria-hidden />
            {t('source.elsewhere.open')}
          </a>
        </Ways>
      )}
    </article>
  )
}

function SpokenSource({ source }: { source: Source }) {
  const isNote = source.kind === 'note'
  const capture = useCapture(isNote ? null : source.captureId)
  const note = useNote(isNote ? source.captureId : null)
  const error = capture.error ?? note.error
  if (error) return <FailureNote failure={toFailure(error)} />
  if (capture.data) return <CaptureSource capture={capture.data} source={source} />
  if (note.data) return <NoteSource note={note.data} source={source} />
  return <Waiting />
}

function CaptureSource({ capture, source }: { capture: Capture; source: Source }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const ofPicture = source.field === 'pictureText' ? citedPlace(capture, source) : null
  return (
    <article>
      <p className="figures text-ink-quiet text-meta">
        {moment(capture.createdAt)} · {t(`source.${capture.source}`)}
      </p>
      <LongText
        text={capture.userText}
        mark={source.field === 'userText' ? source : null}
        className="words-small mt-2 text-[1.25rem]!"
      />
      <CapturePictures capture={capture} mark={ofPicture?.place ?? null} className="mt-3" />
      {ofPicture?.text && (
        <p className="mt-3 text-body" dir="auto">
          <span className="text-ink-quiet text-meta">
            {t('pictures.readIn', { number: ofPicture.place?.picture ?? 1 })}
          </span>{' '}
          <mark>{ofPicture.text}</mark>
        </p>
      )}
      {capture.audioSha256 && <RecordingPlayer sha256={capture.audioSha256} className="mt-3" />}
      {capture.answer && (
        <div className="mt-5 border-line border-t pt-4">
          <p className="mb-1.5 text-ink-quiet text-meta">{t('source.answered')}</p>
          <AnswerText
            text={capture.answer.text}
            citations={capture.answer.citations}
            sources={capture.answer.sources}
            marked={source.field === 'agentText' ? source : null}
          />
        </div>
      )}
      <Ways>
        <Link to="/library" search={{ capture: capture.id }} className={LINK_BUTTON}>
          <BookOpen aria-hidden />
          {t('source.openInLibrary')}
        </Link>
        <Link to="/talk" search={{ session: capture.sessionId }} className={LINK_BUTTON}>
          <MessagesSquare aria-hidden />
          {t('source.openSession')}
        </Link>
      </Ways>
    </article>
  )
}

function NoteSource({ note, source }: { note: Note; source: Source }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  return (
    <article>
      <p className="figures text-ink-quiet text-meta">
        {moment(note.updatedAt)} · {t('source.note')}
      </p>
      {note.title && <h3 className="mt-2 font-semibold text-words-small">{note.title}</h3>}
      <LongText text={note.body} mark={inBody(note, source)} className="words-small mt-2" />
      <Ways>
        <Link to="/library" search={{ tab: 'notes', note: note.id }} className={LINK_BUTTON}>
          <BookOpen aria-hidden />
          {t('source.openInLibrary')}
        </Link>
      </Ways>
    </article>
  )
}

/** The place in the body: places of a note count from its title on, which an empty line follows. */
function inBody({ title, body }: Note, { start, end }: Source): Pick<Source, 'start' | 'end'> {
  const before = title === '' ? 0 : title.length + 2
  const within = (place: number) => Math.min(body.length, Math.max(0, place - before))
  return { start: within(start), end: within(end) }
}

function Ways({ children }: { children: React.ReactNode }) {
  return <div className="mt-6 flex flex-wrap gap-2">{children}</div>
}
