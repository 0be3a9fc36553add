import { AppWindow, Monitor, MonitorSmartphone, ShieldAlert, X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskScreen } from '../../src-core/contract/index.ts'
import { useStore } from '../backend/store.ts'
import { screensTogether } from '../screen/screens.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Scrim, useDialogManners } from '../ui/dialog.tsx'
import type { PickerQuestion, ScreenPicker } from './screen-picker.ts'

/** Our own list of what can be shown: screens, windows, all screens together. Arrow keys walk, Enter chooses, Escape chooses nothing. */
export function ScreenDialog({ picker, onPrivacy }: { picker: ScreenPicker; onPrivacy(): void }) {
  const question = useStore(picker, (store) => store.question)
  if (!question) return null
  return <OpenDialog question={question} onAnswer={(chosen) => picker.answer(chosen)} onPrivacy={onPrivacy} />
}

function OpenDialog({
  question: { screens, isDenied, mayTakeAll },
  onAnswer,
  onPrivacy,
}: {
  question: PickerQuestion
  onAnswer(chosen: readonly DeskScreen[] | null): void
  onPrivacy(): void
}) {
  const { t } = useTranslation()
  const manners = useDialogManners(() => onAnswer(null))
  const tiles = useRef<HTMLDivElement>(null)
  const whole = screens.filter(({ kind }) => kind === 'screen')
  const windows = screens.filter(({ kind }) => kind === 'window')
  const onArrow = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const all = [...(tiles.current?.querySelectorAll('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    all[(at + step + all.length) % all.length]?.focus()
  }
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onAnswer(null)}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          onOpenAutoFocus={(event) => {
            manners.onOpenAutoFocus()
            const first = tiles.current?.querySelector('button')
            if (!first) return
            event.preventDefault()
            first.focus()
          }}
          className="fixed inset-x-3 top-1/2 z-50 mx-auto flex max-h-[calc(100dvh-1.5rem)] max-w-3xl -translate-y-1/2 animate-appear flex-col rounded-2xl border border-line bg-surface shadow-float outline-none"
        >
          <header className="flex shrink-0 items-start gap-3 pt-4 pr-3 pl-5">
            <div className="mr-auto">
              <Primitive.Title className="font-semibold text-words-small">{t('desk.picker.title')}</Primitive.Title>
              <Primitive.Description className="mt-0.5 text-ink-soft text-meta">
                {isDenied ? t('desk.picker.denied') : t('desk.picker.about')}
              </Primitive.Description>
            </div>
            <IconButton label={t('common.cancel')} onClick={() => onAnswer(null)}>
              <X />
            </IconButton>
          </header>
          {isDenied ? (
            <div className="p-5">
              <Button look="primary" onClick={onPrivacy}>
                <ShieldAlert aria-hidden />
                {t('desk.openPrivacy')}
              </Button>
            </div>
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk between the buttons inside, which have keys of their own
            <div ref={tiles} onKeyDown={onArrow} className="min-h-0 space-y-5 overflow-y-auto p-5">
              {screens.length === 0 && <p className="text-ink-soft text-ui">{t('desk.picker.none')}</p>}
              {whole.length > 0 && (
                <Tiles title={t('desk.picker.screens')}>
                  {whole.map((screen) => (
                    <Tile key={screen.id} screen={screen} onChoose={() => onAnswer([screen])} />
                  ))}
                  {mayTakeAll && (
                    <li>
                      <TileButton onClick={() => onAnswer(screensTogether(screens))} name={t('desk.picker.all')}>
                        <MonitorSmartphone aria-hidden className="size-10 text-ink-quiet" />
                      </TileButton>
                    </li>
                  )}
                </Tiles>
              )}
              {windows.length > 0 && (
                <Tiles title={t('desk.picker.windows')}>
                  {windows.map((screen) => (
                    <Tile key={screen.id} screen={screen} onChoose={() => onAnswer([screen])} />
                  ))}
                </Tiles>
              )}
            </div>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

function Tiles({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-medium text-ink-quiet text-meta">{title}</h3>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3">{children}</ul>
    </section>
  )
}

function Tile({ screen, onChoose }: { screen: DeskScreen; onChoose(): void }) {
  const address = usePicture(screen.picture)
  const Sign = screen.kind === 'screen' ? Monitor : AppWindow
  return (
    <li>
      <TileButton onClick={onChoose} name={screen.name} aside={sizeOf(screen)}>
        {address ? (
          <img src={address} alt="" className="size-full object-contain" />
        ) : (
          <Sign aria-hidden className="size-10 text-ink-quiet" />
        )}
      </TileButton>
    </li>
  )
}

function TileButton({
  name,
  aside,
  onClick,
  children,
}: {
  name: string
  aside?: string
  onClick(): void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="w-full rounded-xl border border-line p-2 text-left transition-colors hover:bg-hover focus-visible:border-accent"
    >
      <span className="flex aspect-video items-center justify-center overflow-hidden rounded-lg bg-sunken">
        {children}
      </span>
      <span className="mt-2 block truncate px-1 font-medium text-ui">{name}</span>
      {aside && <span className="figures block px-1 text-ink-quiet text-meta">{aside}</span>}
    </button>
  )
}

function sizeOf({ place }: DeskScreen): string | undefined {
  return place ? `${Math.round(place.width * place.scale)} × ${Math.round(place.height * place.scale)}` : undefined
}

/** Address of a small picture, for as long as it is shown; null where it is empty. */
function usePicture(png: Uint8Array<ArrayBuffer>): string | null {
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    if (png.length === 0) return
    const made = URL.createObjectURL(new Blob([png], { type: 'image/png' }))
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [png])
  return address
}
