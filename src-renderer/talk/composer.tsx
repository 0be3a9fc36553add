import { ArrowUp, AudioLines, Square } from 'lucide-react'
import { memo, type RefObject, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { useWish } from '../desk/desk.tsx'
import { AddPictures, useDroppedPictures, useTakePictures } from '../pictures/add-pictures.tsx'
import { type DraftPicture, draftPicture } from '../pictures/draft-picture.ts'
import { DraftStrip } from '../pictures/draft-strip.tsx'
import { useShowScreen } from '../screen/show-screen.tsx'
import { IconButton } from '../ui/button.tsx'
import { GrowingText } from '../ui/growing-text.tsx'
import { Keys } from '../ui/keys.tsx'
import { MicButton } from '../voice/mic-button.tsx'
import { HandsFreeFailure, HandsFreePanel } from './hands-free-panel.tsx'
import { ModeMenu } from './mode-menu.tsx'
import { RecordingFailure, RecordingPanel } from './recording-panel.tsx'
import { useTalk } from './talk.tsx'
import { isUnderWay } from './turn.ts'
import { useHandsFree } from './use-hands-free.ts'
import { useTalkMode } from './use-talk-mode.ts'

/** The editor takes this name so that a key pressed anywhere on the page can find it. */
export const COMPOSER_ID = 'lva-composer'

/** Where the learner speaks and writes. Always in reach at the foot of the place. */
export const Composer = memo(function Composer({
  sessionId,
  onSent,
}: {
  sessionId: string | undefined
  onSent(): void
}) {
  const { recorder, handsFree, draft } = useTalk()
  const recording = useStore(recorder, (store) => store.state)
  const free = useStore(handsFree, (store) => store.state)
  const startHandsFree = useHandsFree(sessionId, onSent)
  useWish('hands-free', startHandsFree)
  // Kept here, because the editor is away while somebody speaks.
  const spokenSeen = useRef(draft.present.spoken)
  const isOpen = recording.phase === 'opening' || recording.phase === 'recording' || recording.phase === 'finishing'
  return (
    <div className="mx-auto w-full max-w-[50rem] px-4 pb-4 md:pl-[calc(1rem+4.25rem+1.5rem-1.25rem)]">
      {recording.phase === 'failed' && <RecordingFailure state={recording} />}
      {free.phase === 'failed' && <HandsFreeFailure state={free} onStart={startHandsFree} />}
      <div className="rounded-2xl border border-line bg-surface shadow-lift transition-colors focus-within:border-accent-line">
        {isOpen ? (
          <RecordingPanel state={recording} />
        ) : free.phase !== 'off' && free.phase !== 'failed' ? (
          <HandsFreePanel state={free} />
        ) : (
          <Editor sessionId={sessionId} onSent={onSent} onHandsFree={startHandsFree} spokenSeen={spokenSeen} />
        )}
      </div>
    </div>
  )
})

function Editor({
  sessionId,
  onSent,
  onHandsFree,
  spokenSeen,
}: {
  sessionId: string | undefined
  onSent(): void
  onHandsFree(): void
  /** How much was spoken into the draft when the editor last showed it. */
  spokenSeen: RefObject<number>
}) {
  const { t } = useTranslation()
  const { conversation, draft, recorder, speaker, modes } = useTalk()
  const present = useStore(draft, (store) => store.present)
  const answering = useStore(conversation, (store) => isUnderWay(store.turn))
  const { byHand } = useTalkMode(sessionId)
  const editor = useRef<HTMLTextAreaElement>(null)
  const { pictures } = present
  const isBlank = present.text.trim() === '' && pictures.length === 0
  const show = (more: DraftPicture[]) => {
    draft.show(more)
    editor.current?.focus()
  }
  const take = useTakePictures(show)
  useDroppedPictures(show)

  // What was just heard is there to be corrected: the cursor stands at its end.
  useEffect(() => {
    if (present.spoken === spokenSeen.current) return
    spokenSeen.current = present.spoken
    const field = editor.current
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
    if (field) field.scrollTop = field.scrollHeight
  }, [present.spoken, spokenSeen])

  const screen = useShowScreen((blob, isExplained) => {
    const picture = draftPicture(blob)
    if (isExplained) send([...pictures, picture], t('screen.explain'))
    else show([picture])
  })

  const send = (
    shown: readonly DraftPicture[] = pictures,
    wish = t('pictures.whatIsThis', { count: pictures.length }),
  ) => {
    if (present.text.trim() === '' && shown.length === 0) return
    speaker.stop()
    conversation.send({
      sessionId: sessionId ?? null,
      text: present.text.trim() || wish,
      source: present.source,
      audioSha256: present.audioSha256,
      ...(present.spokenLanguage && { spokenLanguage: present.spokenLanguage }),
      pictures: shown,
      ...(byHand && { mode: byHand }),
    })
    draft.clear()
    if (sessionId === undefined) modes.forget()
    onSent()
    editor.current?.focus()
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {screen.preview}
      <DraftStrip pictures={pictures} onRemove={(key) => draft.takeOut(key)} />
      <GrowingText
        id={COMPOSER_ID}
        ref={editor}
        rows={1}
        value={present.text}
        aria-label={t('talk.editor')}
        placeholder={pictures.length > 0 ? t('pictures.whatIsThis', { count: pictures.length }) : t('talk.placeholder')}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          if (files.length === 0) return
          event.preventDefault()
          take(files)
        }}
        onChange={(event) => draft.write(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            send()
          }
        }}
        className="words-small block max-h-[40dvh] min-h-[3.4rem] w-full bg-transparent px-5 pt-4 pb-1 outline-none"
      />
      <div className="flex items-center gap-2 px-3 pb-3">
        <AddPictures onTaken={show} onRecording={(file) => void recorder.hearFile(file)} onShowScreen={screen.show} />
        <ModeMenu sessionId={sessionId} />
        <Hint heard={present.source === 'voice' && !isBlank} blank={isBlank} />
        <div className="ml-auto flex items-center gap-2">
          {answering && isBlank ? (
            <button
              type="button"
              aria-label={t('talk.stop')}
              title={t('talk.stop')}
              onClick={() => conversation.stop()}
              className="inline-flex size-11 items-center justify-center rounded-full border border-line-strong text-ink transition-colors hover:bg-hover"
            >
              <Square className="size-4 fill-current" />
            </button>
          ) : (
            !isBlank && (
              <button
                type="submit"
                aria-label={t('talk.send')}
                title={t('talk.send')}
                className="inline-flex size-11 items-center justify-center rounded-full bg-ink text-paper transition-opacity hover:opacity-85"
              >
                <ArrowUp className="size-5" />
              </button>
            )
          )}
          {isBlank && (
            <IconButton label={t('handsFree.start')} onClick={onHandsFree}>
              <AudioLines />
            </IconButton>
          )}
          <MicButton />
        </div>
      </div>
    </form>
  )
}

/** One line about what can be done now; the keys only where there is a keyboard. */
function Hint({ heard, blank }: { heard: boolean; blank: boolean }) {
  const { t } = useTranslation()
  return (
    <p
      className={`flex items-center gap-2 text-ink-quiet text-meta pointer-coarse:hidden ${heard ? '' : 'max-sm:hidden'}`}
    >
      {heard ? (
        t('talk.hint.heard')
      ) : blank ? (
        <>
          <Keys keys={[t('key.space')]} />
          {t('talk.hint.hold')}
        </>
      ) : (
        <>
          <Keys keys={[t('key.enter')]} />
          {t('talk.hint.send')}
        </>
      )}
    </p>
  )
}
