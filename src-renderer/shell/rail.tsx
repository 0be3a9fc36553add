import { Link } from '@tanstack/react-router'
import { Command } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import icon from '../design/icon.svg'
import { useMemoryCounts } from '../learner/queries.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { PLACES, type Place } from './places.ts'
import { SHORTCUTS } from './shortcuts.ts'
import { StatusMenu } from './status-menu.tsx'

/** The narrow bar at the side: where one can go. */
export function Rail({ onPalette }: { onPalette(): void }) {
  const { t } = useTranslation()
  return (
    <aside className="hidden w-16 shrink-0 flex-col items-center border-line border-r bg-sunken py-3 sm:flex">
      <Link to="/talk" search={{}} aria-label={t('app.name')} className="mb-5 rounded-lg">
        <img src={icon} alt="" className="size-8" />
      </Link>
      <nav aria-label={t('place.all')} className="flex flex-1 flex-col gap-1.5">
        {PLACES.map((place) => (
          <RailLink key={place.to} place={place} />
        ))}
      </nav>
      <StatusMenu />
      <Tooltip text={t('palette.open')} shortcut={SHORTCUTS.palette.keys}>
        <IconButton label={t('palette.open')} title="" onClick={onPalette}>
          <Command />
        </IconButton>
      </Tooltip>
    </aside>
  )
}

function RailLink({ place: { to, name, Sign, shortcut } }: { place: Place }) {
  const { t } = useTranslation()
  const waiting = useWaiting(name)
  return (
    <Tooltip text={t(`place.${name}`)} shortcut={shortcut.keys}>
      <Link
        to={to}
        search={{}}
        aria-label={t(`place.${name}`)}
        aria-description={waiting > 0 ? t('about.waiting', { count: waiting }) : undefined}
        className={cx(
          'relative inline-flex size-11 items-center justify-center rounded-xl border border-transparent text-ink-quiet transition-colors hover:bg-hover hover:text-ink',
          'aria-[current=page]:border-line aria-[current=page]:bg-surface aria-[current=page]:text-accent aria-[current=page]:shadow-lift',
        )}
      >
        <Sign className="size-5" />
        {waiting > 0 && <WaitingDot />}
      </Link>
    </Tooltip>
  )
}

/** Statements about the learner that wait for their word; they are in the Library. */
function useWaiting(name: Place['name']): number {
  const counts = useMemoryCounts()
  return name === 'library' ? (counts.data?.proposed ?? 0) : 0
}

/** Quiet: that something waits, not how much. */
function WaitingDot() {
  return <span aria-hidden className="absolute top-1.5 right-1.5 size-2 rounded-full bg-accent" />
}

/** The same on a phone, at the thumb. */
export function BottomBar() {
  const { t } = useTranslation()
  const waiting = useWaiting('library')
  return (
    <nav
      aria-label={t('place.all')}
      className="flex shrink-0 justify-around border-line border-t bg-sunken px-2 pt-1 pb-[calc(0.25rem+env(safe-area-inset-bottom))] sm:hidden"
    >
      {PLACES.map(({ to, name, Sign }) => (
        <Link
          key={to}
          to={to}
          search={{}}
          className="relative flex min-w-16 flex-col items-center gap-0.5 rounded-lg px-2 py-1.5 text-fine text-ink-quiet aria-[current=page]:font-semibold aria-[current=page]:text-accent"
        >
          <Sign aria-hidden className="size-5" />
          {name === 'library' && waiting > 0 && <WaitingDot />}
          {t(`place.${name}`)}
        </Link>
      ))}
    </nav>
  )
}
