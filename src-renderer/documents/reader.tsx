import { Link } from '@tanstack/react-router'
import { BookOpen } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentBlock, LearnerDocument } from '../../src-core/contract/index.ts'
import { MissingAttachment } from '../attachments/missing-attachment.tsx'
import { toFailure } from '../backend/failure.ts'
import { LINK_BUTTON } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { Blocks, type BlocksHandle } from './blocks.tsx'
import { failureOf } from './document-failure.ts'
import { FindBar } from './find-bar.tsx'
import { occurrences, type Stretch } from './occurrences.ts'
import { PasswordField } from './password-field.tsx'
import { Picture } from './picture.tsx'
import { useDocument, useDocumentBlocks } from './queries.ts'
import { ReaderHeader } from './reader-header.tsx'
import { blockAt } from './reading.ts'
import { RetryButton } from './retry-button.tsx'
import { SoundPlayer, type SoundPlayerHandle } from './sound-player.tsx'
import { useDocumentWords } from './words.ts'

/** One document as text: opened at a place when one was looked for, with words to be found inside. */
export function Reader({ id, place, onDelete }: { id: string; place: Stretch | null; onDelete(): void }) {
  const document = useDocument(id)
  if (document.error) return <FailureNote failure={toFailure(document.error)} className="m-6" />
  if (!document.data) return <Waiting />
  return <OpenDocument document={document.data} place={place} onDelete={onDelete} />
}

/** The same beside another place: the passage that was looked for, the text around it, and the way to the Library. */
export function DocumentSource({ id, place }: { id: string; place: Stretch }) {
  const { t } = useTranslation()
  const { title, about } = useDocumentWords()
  const document = useDocument(id)
  if (document.error) return <FailureNote failure={toFailure(document.error)} className="m-6" />
  if (!document.data) return <Waiting />
  return (
    <article className="flex h-full min-h-0 flex-col max-drawer:h-[70dvh]">
      <header className="shrink-0 border-line border-b px-6 pb-3 max-drawer:px-0">
        <h3 className="font-semibold text-words-small [overflow-wrap:anywhere]" dir="auto">
          {title(document.data)}
        </h3>
        <p className="figures mt-0.5 text-ink-quiet text-meta">{about(document.data)}</p>
        <Link
          to="/library"
          search={{ tab: 'documents', document: id, from: place.start, to: place.end }}
          className={cx(LINK_BUTTON, 'mt-3')}
        >
          <BookOpen aria-hidden />
          {t('source.openInLibrary')}
        </Link>
      </header>
      {document.data.state === 'ready' ? (
        <ReadyDocument document={document.data} place={place} finding={false} onEndFinding={() => undefined} />
      ) : (
        <UnreadDocument document={document.data} />
      )}
    </article>
  )
}

function OpenDocument({
  document,
  place,
  onDelete,
}: {
  document: LearnerDocument
  place: Stretch | null
  onDelete(): void
}) {
  const { t } = useTranslation()
  const [finding, setFinding] = useState(false)
  return (
    <article
      className="flex h-full min-h-0 flex-col"
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || document.state !== 'ready') return
        event.preventDefault()
        setFinding(true)
      }}
    >
      <ReaderHeader document={document} onFind={() => setFinding(true)} onDelete={onDelete} />
      {document.state === 'ready' && document.error && (
        <FailureNote failure={failureOf(document)} className="mx-6 mt-4">
          <p className="text-ink-soft">{t('documents.readBefore')}</p>
        </FailureNote>
      )}
      {document.state === 'ready' ? (
        <ReadyDocument document={document} place={place} finding={finding} onEndFinding={() => setFinding(false)} />
      ) : (
        <UnreadDocument document={document} />
      )}
    </article>
  )
}

function UnreadDocument({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const { share } = useDocumentWords()
  if (document.error?.code === 'attachment-elsewhere') {
    return (
      <div className="space-y-3 p-6 md:p-10">
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('attachments.unread')}</p>
        <MissingAttachment sha256={document.sha256} gone={t('attachments.gone')} isOpened />
      </div>
    )
  }
  if (document.state === 'failed') {
    return (
      <FailureNote failure={failureOf(document)} className="m-6">
        <PasswordField document={document} />
        <RetryButton document={document} />
      </FailureNote>
    )
  }
  if (document.state === 'cancelled') {
    return (
      <Empty title={t('documents.state.cancelled')} action={<RetryButton document={document} />}>
        {t('documents.cancelledMore')}
      </Empty>
    )
  }
  return (
    <div className="max-w-md space-y-3 p-6 md:p-10">
      <p role="status" className="text-ink-soft text-ui">
        {t(`documents.state.${document.state}`)}
      </p>
      <ProgressBar
        label={t(`documents.state.${document.state}`)}
        share={document.state === 'waiting' ? 0 : share(document)}
      />
    </div>
  )
}

function ReadyDocument({
  document,
  place,
  finding,
  onEndFinding,
}: {
  document: LearnerDocument
  place: Stretch | null
  finding: boolean
  onEndFinding(): void
}) {
  const { t } = useTranslation()
  const text = useDocumentBlocks(document)
  const blocks = text.data ?? NO_BLOCKS
  const player = useRef<SoundPlayerHandle>(null)
  const list = useRef<BlocksHandle>(null)
  const { words, setWords, found, current, step } = useFinding(blocks, finding, place?.start ?? 0)
  useEffect(() => {
    if (current) list.current?.show(blockAt(blocks, current.start))
  }, [blocks, current])
  const hear = useCallback((second: number) => player.current?.playFrom(second), [])

  if (text.error) return <FailureNote failure={toFailure(text.error)} className="m-6" />
  if (!text.data) return <Waiting />
  const second = place ? blocks[blockAt(blocks, place.start)]?.place?.second : undefined
  return (
    <>
      {finding && (
        <FindBar
          words={words}
          onWords={setWords}
          count={found.length}
          at={current ? found.indexOf(current) : -1}
          onStep={step}
          onClose={onEndFinding}
          document={document.id}
        />
      )}
      {document.format === 'audio' && <SoundPlayer handle={player} document={document} from={second ?? 0} />}
      {blocks.length === 0 && <Empty title={t('documents.noText')}>{t('documents.noTextMore')}</Empty>}
      <Blocks
        handle={list}
        title={document.title}
        before={document.format === 'image' ? <Picture document={document} /> : null}
        blocks={blocks}
        passage={place}
        found={found}
        current={current}
        onHear={document.format === 'audio' ? hear : null}
      />
    </>
  )
}

const NO_BLOCKS: readonly DocumentBlock[] = []
const NOTHING_FOUND: readonly Stretch[] = []

/** The words that are looked for inside, where they stand, and on which of them the reader stands. */
function useFinding(blocks: readonly DocumentBlock[], finding: boolean, from: number) {
  const [words, setWords] = useState('')
  const [at, setAt] = useState<number | null>(null)
  const found = useMemo(
    () =>
      finding && words.trim() !== ''
        ? blocks.flatMap((block) =>
            occurrences(block.text, words).map(({ start, end }) => ({
              start: block.start + start,
              end: block.start + end,
            })),
          )
        : NOTHING_FOUND,
    [blocks, words, finding],
  )
  // Until the reader steps, it stands on the first place after where it was opened.
  const first = Math.max(
    0,
    found.findIndex(({ start }) => start >= from),
  )
  const index = found.length === 0 ? -1 : (at ?? first) % found.length
  return {
    words,
    setWords: (next: string) => {
      setWords(next)
      setAt(null)
    },
    found,
    current: found[index] ?? null,
    step: (by: 1 | -1) => found.length > 0 && setAt((index + by + found.length) % found.length),
  }
}
