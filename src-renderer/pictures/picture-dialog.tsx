import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, ChevronLeft, ChevronRight, Copy, ScanText, X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, CapturePicture } from '../../src-core/contract/index.ts'
import { MissingAttachment } from '../attachments/missing-attachment.tsx'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { rememberCapture } from '../backend/queries.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { useCopy } from '../ui/copy.ts'
import { Scrim, useDialogManners } from '../ui/dialog.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useKeptPicture } from './kept-picture.ts'
import { type Box, MarkedPicture } from './marked-picture.tsx'
import { usePictureWords } from './picture-words.ts'

const LANGUAGES = ['eng', 'deu', 'spa', 'fra', 'ita', 'por'] as const

/** A picture as large as there is room, with what was read in it. */
export function PictureDialog({
  capture,
  picture,
  number,
  mark,
  onStep,
  onClose,
}: {
  capture: Capture
  picture: CapturePicture
  number: number
  mark: Box | null
  /** To its neighbours; null where it has none. */
  onStep: ((by: 1 | -1) => void) | null
  onClose(): void
}) {
  const { t } = useTranslation()
  const words = usePictureWords()
  const manners = useDialogManners(onClose)
  const { address, error } = useKeptPicture(capture.id, picture.sha256)
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          aria-describedby={undefined}
          onKeyDown={(event) => {
            if (onStep && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
              event.preventDefault()
              onStep(event.key === 'ArrowRight' ? 1 : -1)
            }
            manners.onKeyDown(event)
          }}
          className="fixed inset-3 z-50 mx-auto flex max-w-[76rem] animate-appear flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-float outline-none md:inset-8"
        >
          <header className="flex shrink-0 items-center gap-1 py-2 pr-3 pl-5">
            <Primitive.Title className="mr-auto font-semibold text-ui">
              {t('pictures.title', { number })}
            </Primitive.Title>
            {onStep && (
              <>
                <IconButton label={t('pictures.previous')} onClick={() => onStep(-1)}>
                  <ChevronLeft />
                </IconButton>
                <IconButton label={t('pictures.next')} onClick={() => onStep(1)}>
                  <ChevronRight />
                </IconButton>
              </>
            )}
            <Primitive.Close asChild>
              <IconButton label={t('common.close')}>
                <X />
              </IconButton>
            </Primitive.Close>
          </header>
          <div className="grid min-h-0 flex-1 overflow-y-auto max-md:content-start md:grid-cols-[minmax(0,1fr)_20rem] md:overflow-hidden">
            <div className="flex items-start justify-center bg-paper p-4 md:min-h-0 md:overflow-auto">
              {error && toFailure(error).code === 'not-found' ? (
                <MissingAttachment sha256={picture.sha256} gone={t('pictures.gone')} isOpened />
              ) : error ? (
                <FailureNote failure={toFailure(error)} />
              ) : (
                <MarkedPicture
                  address={address}
                  alt={words(picture)}
                  width={picture.width}
                  height={picture.height}
                  mark={mark}
                  className="max-w-full"
                />
              )}
            </div>
            <WhatWasRead capture={capture} picture={picture} />
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

function WhatWasRead({ capture, picture }: { capture: Capture; picture: CapturePicture }) {
  const { t, i18n } = useTranslation()
  const names = new Intl.DisplayNames(i18n.language, { type: 'language' })
  const client = useClient()
  const cache = useQueryClient()
  const copy = useCopy()
  const [copied, setCopied] = useState(false)
  const again = useMutation({
    mutationFn: (language: (typeof LANGUAGES)[number]) =>
      client.pictures.read({ id: capture.id, sha256: picture.sha256, language }),
    onSuccess: (read) => rememberCapture(cache, read),
  })
  const { reading, description } = picture
  const text = reading?.text.trim() ?? ''
  const language = LANGUAGES.find((known) => known === reading?.language)
  return (
    <section
      aria-label={t('pictures.text')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
      tabIndex={0}
      className="space-y-3 border-line border-t p-5 outline-offset-[-2px] md:overflow-y-auto md:border-t-0 md:border-l"
    >
      {description && (
        <div>
          <h3 className="text-ink-quiet text-meta">{t('pictures.saidBy', { model: description.model })}</h3>
          <p className="mt-1 text-body" dir="auto">
            {description.text}
          </p>
        </div>
      )}
      <h3 className="text-ink-quiet text-meta">
        {t('pictures.text')}
        {language && ` · ${names.of(language)}`}
      </h3>
      {again.isPending ? (
        <p role="status" className="text-ink-soft text-ui">
          {t('pictures.reading')}
        </p>
      ) : text === '' ? (
        <p className="text-ink-soft text-ui">{reading ? t('pictures.noWriting') : t('pictures.unread')}</p>
      ) : (
        <p className="whitespace-pre-wrap text-body [overflow-wrap:anywhere]" dir="auto">
          {text}
        </p>
      )}
      {again.error && <FailureNote failure={toFailure(again.error)} />}
      <div className="flex flex-wrap gap-2 pt-1">
        {text !== '' && (
          <Button size="small" onClick={async () => setCopied(await copy(text))} onBlur={() => setCopied(false)}>
            {copied ? <Check /> : <Copy />}
            {copied ? t('common.copied') : t('pictures.copyText')}
          </Button>
        )}
        <Menu
          trigger={
            <Button size="small" disabled={again.isPending}>
              <ScanText />
              {t('pictures.readAgain')}
            </Button>
          }
        >
          {LANGUAGES.map((name) => (
            <MenuItem key={name} onSelect={() => again.mutate(name)}>
              {names.of(name) ?? name}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </section>
  )
}
