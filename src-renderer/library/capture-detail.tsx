import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, Copy, Link as LinkSign, MessagesSquare, Pencil, ScrollText, Trash2 } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Capture, writeLink } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useCapture } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { useFormats } from '../i18n/format.ts'
import { nameOfLanguage } from '../i18n/language-names.ts'
import { localDay } from '../i18n/local-day.ts'
import { CapturePictures } from '../pictures/capture-pictures.tsx'
import { useSumUp } from '../summary/use-sum-up.ts'
import { AnalysisView } from '../talk/analysis-view.tsx'
import { AnswerLine } from '../talk/answer-line.tsx'
import { AnswerText } from '../talk/answer-text.tsx'
import { SourceChips } from '../talk/source-chips.tsx'
import { useTalk } from '../talk/talk.tsx'
import { Button } from '../ui/button.tsx'
import { useCopy } from '../ui/copy.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { useFocusBack } from '../ui/focus-back.ts'
import { LongText } from '../ui/long-text.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { RecordingPlayer } from '../voice/recording-player.tsx'
import { EditWords } from './edit-words.tsx'
import { ItemPlace } from './item-place.tsx'

/** One capture: what was said, large; its recording; what was answered; and what can be done with it. */
export function CaptureDetail({ id, onDelete }: { id: string; onDelete(): void }) {
  const capture = useCapture(id)
  if (capture.error) return <FailureNote failure={toFailure(capture.error)} className="m-6" />
  if (!capture.data) return <Waiting />
  return <CaptureView capture={capture.data} onDelete={onDelete} />
}

function CaptureView({ capture, onDelete }: { capture: Capture; onDelete(): void }) {
  const { t, i18n } = useTranslation()
  const { moment } = useFormats()
  const client = useClient()
  const copy = useCopy()
  const sumUp = useSumUp()
  const [editing, setEditing] = useState(false)
  const [copied, setCopied] = useState(false)
  const [linkCopied, setLinkCopied] = useState(false)
  const { button: editButton, giveBack } = useFocusBack()
  const stopEditing = useCallback(() => {
    giveBack()
    setEditing(false)
  }, [giveBack])
  const edit = useMutation({
    mutationFn: (userText: string) => client.captures.edit({ id: capture.id, userText }),
    onSuccess: stopEditing,
  })
  return (
    <article className="mx-auto max-w-[46rem] px-6 pt-4 pb-16 md:px-10 md:pt-10">
      <p className="figures flex flex-wrap items-center gap-x-2.5 gap-y-1 text-ink-quiet text-meta">
        <span>
          <time dateTime={capture.createdAt}>{moment(capture.createdAt)}</time> · {t(`source.${capture.source}`)}
          {capture.editedAt && ` · ${t('library.edited', { when: moment(capture.editedAt) })}`}
        </span>
        <ItemPlace kind="capture" id={capture.id} />
      </p>
      <div className="mt-3">
        {editing ? (
          <EditWords
            text={capture.userText}
            failure={edit.error ? toFailure(edit.error) : null}
            isSaving={edit.isPending}
            onSave={edit.mutate}
            onCancel={stopEditing}
          />
        ) : (
          <LongText text={capture.userText} className={capture.userText.length <= 260 ? 'words' : 'words-small'} />
        )}
      </div>
      <CapturePictures capture={capture} className="mt-4" />
      {capture.audioSha256 && <RecordingPlayer sha256={capture.audioSha256} className="mt-4" />}
      {typeof capture.metadata.spokenLanguage === 'string' && (
        <p className="mt-2 text-ink-quiet text-meta">
          {t('library.spokenIn', { language: nameOfLanguage(capture.metadata.spokenLanguage, i18n.language) })}
        </p>
      )}
      {!editing && (
        <div className="mt-4 -ml-2.5 flex flex-wrap gap-0.5">
          <Button ref={editButton} size="small" look="quiet" onClick={() => setEditing(true)}>
            <Pencil />
            {t('common.edit')}
          </Button>
          <Button
            size="small"
            look="quiet"
            onClick={async () => setCopied(await copy(capture.userText))}
            onBlur={() => setCopied(false)}
          >
            {copied ? <Check /> : <Copy />}
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
          <Button
            size="small"
            look="quiet"
            onClick={async () => setLinkCopied(await copy(writeLink({ kind: 'capture', id: capture.id })))}
            onBlur={() => setLinkCopied(false)}
          >
            {linkCopied ? <Check /> : <LinkSign />}
            {linkCopied ? t('common.copied') : t('library.copyLink')}
          </Button>
          <Link
            to="/talk"
            search={{ session: capture.sessionId }}
            className="inline-flex h-8 items-center gap-2 rounded-lg border border-transparent px-2.5 font-medium text-ink-soft text-meta transition-colors hover:bg-hover hover:text-ink pointer-coarse:min-h-11 [&_svg]:size-[1.125em]"
          >
            <MessagesSquare aria-hidden />
            {t('source.openSession')}
          </Link>
          <Button size="small" look="quiet" onClick={() => sumUp({ day: localDay(new Date(capture.createdAt)) })}>
            <ScrollText />
            {t('summary.theDay')}
          </Button>
          <Button size="small" look="quiet" className="hover:text-danger!" onClick={onDelete}>
            <Trash2 />
            {t('common.delete')}
          </Button>
        </div>
      )}
      {capture.answer?.analysis && <AnalysisView analysis={capture.answer.analysis} sessionId={capture.sessionId} />}
      {capture.answer && <AnswerPart capture={capture} answer={capture.answer} />}
    </article>
  )
}

function AnswerPart({ capture, answer }: { capture: Capture; answer: NonNullable<Capture['answer']> }) {
  const { t } = useTranslation()
  const { speaker, conversation } = useTalk()
  const speaking = useStore(speaker, (store) => store.speaking)
  const isSpeaking = speaking?.captureId === capture.id
  return (
    <section aria-label={t('source.answered')} className="mt-8 border-line border-t pt-6">
      <AnswerText
        text={answer.text}
        citations={answer.citations}
        sources={answer.sources}
        marked={isSpeaking ? speaking.stretch : null}
      />
      <SourceChips citations={answer.citations} />
      <AnswerLine
        answer={answer}
        isSpeaking={isSpeaking}
        onSpeak={() => speaker.speak(capture.id, answer.text)}
        onSilence={() => speaker.stop()}
        onAskAgain={() => conversation.retry(capture)}
      />
    </section>
  )
}
