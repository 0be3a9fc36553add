import { CircleAlert, CircleCheck, CloudOff, LoaderCircle, Pause, Play, RefreshCw, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncState, SyncStatus } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Facts, Part } from '../section.tsx'
import { useSyncWork } from './sync-queries.ts'

/** How sync stands, in one line; what waits; and the buttons for it. */
export function StatePart({ status, state }: { status: SyncStatus; state: SyncState }) {
  const { t } = useTranslation()
  const format = useFormats()
  const now = useSyncWork((client) => client.sync.now())
  const pause = useSyncWork((client) => client.sync.pause())
  const resume = useSyncWork((client) => client.sync.resume())
  const isPaused = state.phase === 'paused'
  const failed = now.error ?? pause.error ?? resume.error
  return (
    <Part>
      <StateLine state={state} />
      {state.problem && <FailureNote failure={{ ...state.problem, message: '', advice: '' }} />}
      {failed && <FailureNote failure={toFailure(failed)} />}
      <div className="flex flex-wrap gap-2">
        {isPaused ? (
          <Button look="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
            <Play />
            {t('settings.sync.state.resume')}
          </Button>
        ) : (
          <>
            <Button disabled={now.isPending} onClick={() => now.mutate()}>
              <RefreshCw className={cx(now.isPending && 'animate-spin')} />
              {t('settings.sync.state.now')}
            </Button>
            <Button look="quiet" disabled={pause.isPending} onClick={() => pause.mutate()}>
              <Pause />
              {t('settings.sync.state.pause')}
            </Button>
          </>
        )}
      </div>
      <Facts
        facts={[
          [t('settings.sync.facts.waiting'), format.number(state.waiting)],
          [
            t('settings.sync.facts.moved'),
            t('settings.sync.facts.movedHow', {
              sent: format.bytes(state.sentBytes),
              received: format.bytes(state.receivedBytes),
            }),
          ],
          [t('settings.sync.conflicts.title'), format.number(status.conflicts)],
          [t('settings.sync.facts.relay'), status.relay],
        ]}
      />
    </Part>
  )
}

/** Never "synced" while something waits for its acknowledgement. */
function StateLine({ state }: { state: SyncState }) {
  const { t } = useTranslation()
  const format = useFormats()
  const { name, sign, tone } = looksOf(state)
  return (
    <div role="status" className="flex items-start gap-3">
      <span className={cx('mt-0.5 [&_svg]:size-6', tone)}>{sign}</span>
      <div>
        <p className="font-semibold text-answer">{t(`settings.sync.state.${name}`)}</p>
        <p className="text-ink-soft text-ui">
          {name === 'files'
            ? t('settings.sync.state.filesMore', { count: state.files.items, size: format.bytes(state.files.bytes) })
            : name === 'catchingUp'
              ? t('settings.sync.state.catchingUpMore', { count: state.behind + state.waiting })
              : name === 'sending' || name === 'offline' || name === 'paused' || name === 'held'
                ? state.waiting === 0 && name !== 'sending'
                  ? t('settings.sync.state.nothingWaits')
                  : t(`settings.sync.state.${name}More`, { count: state.waiting })
                : t(`settings.sync.state.${name}More`)}
        </p>
      </div>
    </div>
  )
}

type Name = 'synced' | 'sending' | 'catchingUp' | 'connecting' | 'offline' | 'paused' | 'held' | 'files' | 'problem'

function looksOf(state: SyncState): { name: Name; sign: ReactNode; tone: string } {
  const busy = { sign: <LoaderCircle className="animate-spin" />, tone: 'text-accent' }
  if (state.phase === 'problem') return { name: 'problem', sign: <CircleAlert />, tone: 'text-danger' }
  if (state.phase === 'paused') return { name: 'paused', sign: <Pause />, tone: 'text-ink-quiet' }
  if (state.phase === 'held') return { name: 'held', sign: <WifiOff />, tone: 'text-ink-quiet' }
  if (state.phase === 'offline' || state.phase === 'off')
    return { name: 'offline', sign: <CloudOff />, tone: 'text-ink-quiet' }
  if (state.phase === 'connecting') return { name: 'connecting', ...busy }
  if (state.phase === 'catching-up') return { name: 'catchingUp', ...busy }
  if (state.synced) return { name: 'synced', sign: <CircleCheck />, tone: 'text-accent' }
  if (state.waiting === 0 && state.files.items > 0) return { name: 'files', ...busy }
  return { name: 'sending', ...busy }
}
