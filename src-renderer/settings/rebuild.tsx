import { RefreshCcw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RebuildEvent } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { type Failure, toFailure } from '../backend/failure.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { ProgressBar } from '../ui/progress.tsx'

type State =
  | { kind: 'idle' }
  | { kind: 'running'; event: RebuildEvent | null }
  | { kind: 'done' }
  | { kind: 'failed'; failure: Failure }

/** Makes everything that can be made again from what the learner said. */
export function Rebuild() {
  const { t } = useTranslation()
  const client = useClient()
  const { number } = useFormats()
  const [asking, setAsking] = useState(false)
  const [state, setState] = useState<State>({ kind: 'idle' })
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])

  const rebuild = async () => {
    setState({ kind: 'running', event: null })
    const controller = new AbortController()
    stop.current = controller
    try {
      for await (const event of await client.app.rebuild(undefined, { signal: controller.signal }))
        setState({ kind: 'running', event })
      setState({ kind: 'done' })
    } catch (error) {
      if (!controller.signal.aborted) setState({ kind: 'failed', failure: toFailure(error) })
    }
  }
  const event = state.kind === 'running' ? state.event : null
  return (
    <>
      <p className="text-ink-soft text-ui">{t('settings.data.rebuildHelp')}</p>
      {state.kind === 'running' ? (
        <div>
          <ProgressBar
            label={t('settings.data.rebuild')}
            share={event && event.total > 0 ? event.done / event.total : null}
          />
          <p role="status" className="figures mt-2 text-ink-quiet text-meta">
            {event
              ? t(`settings.data.rebuilding.${event.phase}`, { done: number(event.done), total: number(event.total) })
              : t('common.loading')}
          </p>
        </div>
      ) : (
        <Button onClick={() => setAsking(true)}>
          <RefreshCcw />
          {t('settings.data.rebuildNow')}
        </Button>
      )}
      {state.kind === 'done' && (
        <p role="status" className="text-accent-strong text-ui">
          {t('settings.data.rebuilt')}
        </p>
      )}
      {state.kind === 'failed' && <FailureNote failure={state.failure} />}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t('settings.data.rebuildAsk')}
        description={t('settings.data.rebuildAskMore')}
        yes={t('settings.data.rebuildNow')}
        look="primary"
        onYes={() => void rebuild()}
      />
    </>
  )
}
