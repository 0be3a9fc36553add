import { Archive, BookOpen, Mic, MonitorUp, Send } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { createContext, type ReactNode, use, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { deviceMemory } from '../backend/device-memory.ts'
import { useProviders, useSettings } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { useSyncStatus } from '../settings/sync/sync-queries.ts'
import { Button } from '../ui/button.tsx'
import { Scrim, useDialogManners } from '../ui/dialog.tsx'
import { type OpenMicrophone, openMicrophone } from '../voice/microphone.ts'
import { FirstUse, leaving, type Sense } from './first-use.ts'

const FirstUseContext = createContext<FirstUse | null>(null)

export function useFirstUse(): FirstUse {
  const firstUse = use(FirstUseContext)
  if (!firstUse) throw new Error('useFirstUse needs a FirstUseProvider above it')
  return firstUse
}

/** Opens the microphone; before the first time, the learner is told about it. Rejects with AbortError where they say "not now". */
export function useOpenMicrophone(): OpenMicrophone {
  const firstUse = useFirstUse()
  return useMemo(
    () => async (listener) => {
      if (!(await firstUse.ask('microphone'))) throw new DOMException('not now', 'AbortError')
      return openMicrophone(listener)
    },
    [firstUse],
  )
}

export function FirstUseProvider({ children }: { children: ReactNode }) {
  const firstUse = useMemo(() => new FirstUse(deviceMemory), [])
  const asked = useStore(firstUse, (store) => store.asked)
  return (
    <FirstUseContext value={firstUse}>
      {children}
      {asked && <FirstUseDialog sense={asked} onAnswer={(goesOn) => firstUse.answer(goesOn)} />}
    </FirstUseContext>
  )
}

/** Why it is asked for, what is kept of it, and what leaves the device as things are set now. */
function FirstUseDialog({ sense, onAnswer }: { sense: Sense; onAnswer(goesOn: boolean): void }) {
  const { t } = useTranslation()
  const manners = useDialogManners(() => onAnswer(false))
  const goOn = useRef<HTMLButtonElement>(null)
  const facts = useFacts(sense)
  const Sign = sense === 'microphone' ? Mic : MonitorUp
  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onAnswer(false)}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          onOpenAutoFocus={(event) => {
            manners.onOpenAutoFocus()
            event.preventDefault()
            goOn.current?.focus()
          }}
          className="fixed inset-x-3 top-1/2 z-50 mx-auto flex max-h-[calc(100dvh-1.5rem)] max-w-lg -translate-y-1/2 animate-appear flex-col rounded-2xl border border-line bg-surface shadow-float outline-none"
        >
          <div className="min-h-0 overflow-y-auto px-6 pt-6">
            <Primitive.Title className="flex items-center gap-3 font-semibold text-words-small">
              <span className="inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent-strong">
                <Sign aria-hidden className="size-5" />
              </span>
              {t(`firstUse.${sense}.title`)}
            </Primitive.Title>
            <Primitive.Description className="sr-only">{t('firstUse.about')}</Primitive.Description>
            <dl className="mt-5 space-y-4">
              <Fact sign={<BookOpen aria-hidden />} name={t('firstUse.why')}>
                {t(`firstUse.${sense}.why`)}
              </Fact>
              <Fact sign={<Archive aria-hidden />} name={t('firstUse.kept')}>
                {facts.kept}
              </Fact>
              <Fact sign={<Send aria-hidden />} name={t('firstUse.leaves')}>
                {facts.leaves}
              </Fact>
            </dl>
            <p className="mt-5 text-ink-soft text-meta">{t(`firstUse.${sense}.next`)}</p>
          </div>
          <div className="flex shrink-0 flex-wrap justify-end gap-2 px-6 pt-4 pb-5">
            <Button look="quiet" onClick={() => onAnswer(false)}>
              {t('firstUse.notNow')}
            </Button>
            <Button ref={goOn} look="primary" onClick={() => onAnswer(true)}>
              {t('firstUse.goOn')}
            </Button>
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

function Fact({ sign, name, children }: { sign: ReactNode; name: string; children: ReactNode }) {
  return (
    <div className="relative pl-8 [&_svg]:absolute [&_svg]:top-0.5 [&_svg]:left-0 [&_svg]:size-4.5 [&_svg]:text-ink-quiet">
      <dt className="font-medium text-ui">
        {sign}
        {name}
      </dt>
      <dd className="mt-0.5 text-ink-soft text-ui">{children}</dd>
    </div>
  )
}

/** What is kept and what leaves, as it is set now. */
function useFacts(sense: Sense): { kept: string; leaves: string } {
  const { t } = useTranslation()
  const settings = useSettings().data
  const providers = useProviders().data
  const sync = useSyncStatus().data
  const active = providers?.find((provider) => provider.active)
  const model = active && active.provider !== 'offline' ? active.baseUrl || t(`provider.${active.provider}`) : null
  const sharing = settings &&
    providers &&
    sync && {
      recogniser: settings.recogniser,
      isAnsweredElsewhere: model !== null,
      isSynced: sync.standing === 'member',
    }
  const leaves = leaving(sense, sharing)
    .map((one) => t(`firstUse.${one}`, { model: model ?? '' }))
    .join(' ')
  if (sense === 'screen') return { kept: t('firstUse.screen.kept'), leaves }
  const keepsSound = settings?.keepRecordings !== false
  return { kept: keepsSound ? t('firstUse.microphone.keptSound') : t('firstUse.microphone.keptText'), leaves }
}
