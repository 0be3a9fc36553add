import { AppWindow, Columns2, Crop, Monitor, ShieldAlert, Square, X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type KeyboardEvent, type ReactNode, type RefObject, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskScreen } from '../../src-core/contract/index.ts'
import { useStore } from '../backend/store.ts'
import { useObjectAddress } from '../pictures/object-address.ts'
import { arrange } from '../screen/arrange.ts'
import { placeOf, screensTogether } from '../screen/screens.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Scrim, useDialogManners } from '../ui/dialog.tsx'
import type { Chosen, PickerQuestion, ScreenPicker } from './screen-picker.ts'
import { walked } from './walk.ts'

/** Our own list of what can be shown: screens, windows, all screens together. Arrow keys walk, Enter chooses, Escape chooses nothing. */
export function ScreenDialog({
  picker,
  onPrivacy,
}: {
  picker: ScreenPicker
  /** Opens the system's settings of who may see the screen; null where it has none. */
  onPrivacy: (() => void) | null
}) {
  const question = useStore(picker, (store) => store.question)
  if (!question) return null
  return <OpenDialog question={question} onAnswer={(chosen) => picker.answer(chosen)} onPrivacy={onPrivacy} />
}

function OpenDialog({
  question,
  onAnswer,
  onPrivacy,
}: {
  question: PickerQuestion
  onAnswer(chosen: Chosen | null): void
  onPrivacy: (() => void) | null
}) {
  const { t } = useTranslation()
  const manners = useDialogManners(() => onAnswer(null))
  /** What the keyboard begins with: the first tile, or what is to be done. */
  const first = useRef<HTMLDivElement>(null)
  const nothing = nothingToChoose(question)
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onAnswer(null)}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          onOpenAutoFocus={(event) => {
            manners.onOpenAutoFocus()
            const button = first.current?.querySelector('button')
            if (!button) return
            event.preventDefault()
            button.focus()
          }}
          className="fixed inset-x-3 top-1/2 z-50 mx-auto flex max-h-[calc(100dvh-1.5rem)] max-w-3xl -translate-y-1/2 animate-appear flex-col rounded-2xl border border-line bg-surface shadow-float outline-none"
        >
          <header className="flex shrink-0 items-start gap-3 pt-4 pr-3 pl-5">
            <div className="mr-auto">
              <Primitive.Title className="font-semibold text-words-small">
                {nothing ? t(`desk.picker.${nothing}`) : t('desk.picker.title')}
              </Primitive.Title>
              <Primitive.Description className="mt-0.5 max-w-[64ch] text-ink-soft text-meta">
                {nothing ? t(`desk.picker.${nothing}Next`) : t('desk.picker.about')}
              </Primitive.Description>
            </div>
            <IconButton label={t('common.cancel')} onClick={() => onAnswer(null)}>
              <X />
            </IconButton>
          </header>
          {nothing ? (
            <div ref={first} className="flex flex-wrap gap-2 p-5">
              {nothing === 'denied' && onPrivacy && (
                <Button look="primary" onClick={onPrivacy}>
                  <ShieldAlert aria-hidden />
                  {t('desk.openPrivacy')}
                </Button>
              )}
              {nothing === 'systemAsks' && (
                <Button look="primary" onClick={() => onAnswer({ screens: [], isPart: false })}>
                  {t('desk.picker.goOn')}
                </Button>
              )}
              <Button onClick={() => onAnswer(null)}>
                {nothing === 'systemAsks' ? t('common.cancel') : t('common.close')}
              </Button>
            </div>
          ) : (
            <WhatToShow question={question} tiles={first} onAnswer={onAnswer} />
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** Why there is no list; null where there is one. */
function nothingToChoose({ systemAsks, isDenied, screens }: PickerQuestion): 'systemAsks' | 'denied' | 'none' | null {
  if (systemAsks) return 'systemAsks'
  if (isDenied) return 'denied'
  return screens.length === 0 ? 'none' : null
}

function WhatToShow({
  question: { screens, mayTakeAll, mayTakePart },
  tiles,
  onAnswer,
}: {
  question: PickerQuestion
  tiles: RefObject<HTMLDivElement | null>
  onAnswer(chosen: Chosen): void
}) {
  const { t } = useTranslation()
  const [isPart, setPart] = useState(false)
  const whole = screens.filter(({ kind }) => kind === 'screen')
  const windows = screens.filter(({ kind }) => kind === 'window')
  const choose = (chosen: readonly DeskScreen[]) => onAnswer({ screens: chosen, isPart })
  const onArrow = (event: KeyboardEvent) => {
    const all = [...(tiles.current?.querySelectorAll('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    const next = walked(
      event.key,
      at,
      all.map((tile) => tile.getBoundingClientRect()),
    )
    if (next === null) return
    event.preventDefault()
    all[next]?.focus()
  }
  return (
    <>
      {mayTakePart && (
        <div className="shrink-0 px-5 pt-3">
          <Choice<'whole' | 'part'>
            label={t('desk.picker.howMuch')}
            value={isPart ? 'part' : 'whole'}
            onValue={(value) => setPart(value === 'part')}
            options={[
              { value: 'whole', label: t('desk.picker.whole'), icon: <Square aria-hidden /> },
              { value: 'part', label: t('desk.picker.part'), icon: <Crop aria-hidden /> },
            ]}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk between the buttons inside, which have keys of their own */}
      <div ref={tiles} onKeyDown={onArrow} className="min-h-0 space-y-5 overflow-y-auto p-5">
        {whole.length > 0 && (
          <Tiles title={t('desk.picker.screens')}>
            {whole.map((screen) => (
              <Tile key={screen.id} screen={screen} onChoose={() => choose([screen])} />
            ))}
            {mayTakeAll && <AllTile screens={screensTogether(screens)} onChoose={choose} />}
          </Tiles>
        )}
        {windows.length > 0 && (
          <Tiles title={t('desk.picker.windows')}>
            {windows.map((screen) => (
              <Tile key={screen.id} screen={screen} onChoose={() => choose([screen])} />
            ))}
          </Tiles>
        )}
      </div>
    </>
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
  const { place } = screen
  return (
    <li>
      <TileButton
        onClick={onChoose}
        name={screen.name}
        aside={place ? pixels(place.width, place.height, place.scale) : ''}
      >
        {address ? (
          <img src={address} alt="" className="size-full object-contain" />
        ) : (
          <Sign aria-hidden className="size-10 text-ink-quiet" />
        )}
      </TileButton>
    </li>
  )
}

/** More than enough for a small picture. */
const FINE = 1_000_000

/** All screens, small, as they stand. */
function AllTile({ screens, onChoose }: { screens: DeskScreen[]; onChoose(screens: DeskScreen[]): void }) {
  const { t } = useTranslation()
  const { width, height, parts } = arrange(screens.map(placeOf), FINE)
  const percent = (part: number, of: number) => `${(100 * part) / of}%`
  return (
    <li>
      <TileButton
        onClick={() => onChoose(screens)}
        name={t('desk.picker.all')}
        aside={t('desk.picker.count', { count: screens.length })}
      >
        <span
          className="relative block max-h-full max-w-full"
          style={{ aspectRatio: `${width} / ${height}`, [width / height > 16 / 9 ? 'width' : 'height']: '100%' }}
        >
          {screens.map((screen, n) => (
            <span
              key={screen.id}
              className="absolute border border-surface bg-line"
              style={{
                left: percent(parts[n]?.x ?? 0, width),
                top: percent(parts[n]?.y ?? 0, height),
                width: percent(parts[n]?.width ?? 0, width),
                height: percent(parts[n]?.height ?? 0, height),
              }}
            >
              <SmallPicture png={screen.picture} />
            </span>
          ))}
        </span>
      </TileButton>
    </li>
  )
}

function SmallPicture({ png }: { png: Uint8Array<ArrayBuffer> }) {
  const address = usePicture(png)
  return address ? (
    <img src={address} alt="" className="size-full object-cover" />
  ) : (
    <Columns2 aria-hidden className="size-full p-1 text-ink-quiet" />
  )
}

function TileButton({
  name,
  aside,
  onClick,
  children,
}: {
  name: string
  aside: string
  onClick(): void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      title={name}
      onClick={onClick}
      className="w-full rounded-xl border border-line p-2 text-left transition-colors hover:bg-hover focus-visible:border-accent"
    >
      <span className="flex aspect-video items-center justify-center overflow-hidden rounded-lg bg-sunken">
        {children}
      </span>
      <span className="mt-2 line-clamp-2 px-1 font-medium text-ui">{name}</span>
      {aside && <span className="figures block px-1 text-ink-quiet text-meta">{aside}</span>}
    </button>
  )
}

function pixels(width: number, height: number, scale: number): string {
  return `${Math.round(width * scale)} × ${Math.round(height * scale)}`
}

/** Address of a small picture, for as long as it is shown; undefined where it is empty. */
function usePicture(png: Uint8Array<ArrayBuffer>): string | undefined {
  return useObjectAddress(useMemo(() => (png.length > 0 ? new Blob([png], { type: 'image/png' }) : undefined), [png]))
}
