import { useSyncExternalStore } from 'react'
import { useLineState } from '../backend/backend.tsx'
import { useBackupStatus } from '../backend/backup-queries.ts'
import { useIndexProgress, useModelsStatus, useProviders } from '../backend/queries.ts'

/** The state of everything a learner may wonder about, worst news first. */
export interface Status {
  line: ReturnType<typeof useLineState>
  online: boolean
  /** Whether speech and search by meaning are there; null until the core has said so. */
  models: 'ready' | 'starting' | 'down' | null
  /** Texts that still wait for search, and those that could not be read. */
  index: { pending: number; indexed: number; failed: number; concepts: { pending: number; failed: number } } | null
  /** Who answers next. */
  provider: { name: 'anthropic' | 'openai' | 'compatible' | 'offline'; model: string } | null
  backups: 'well' | 'none' | 'failing' | 'key-unknown' | 'stale' | null
}

export function useStatus(): Status {
  const line = useLineState()
  const online = useOnline()
  const models = useModelsStatus()
  const index = useIndexProgress().data
  const backups = useBackupStatus().data
  const active = useProviders().data?.find((provider) => provider.active)
  return {
    line,
    online,
    models: models ? modelsState(models.state) : null,
    index: index ?? null,
    backups: backups ? (backups.setUp ? (backups.problem ?? 'well') : 'none') : null,
    provider: active ? { name: active.provider, model: active.model } : null,
  }
}

function modelsState(state: 'stopped' | 'starting' | 'ready' | 'restarting' | 'failed'): Status['models'] {
  if (state === 'failed') return 'down'
  // Stopped means: not needed yet; it starts by itself.
  return state === 'ready' || state === 'stopped' ? 'ready' : 'starting'
}

/** Whether the machine has a network. Nothing on the device depends on it. */
function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('online', changed)
      addEventListener('offline', changed)
      return () => {
        removeEventListener('online', changed)
        removeEventListener('offline', changed)
      }
    },
    () => navigator.onLine,
  )
}

/** The one word for all of it: `problem` needs the learner, `busy` passes by itself. */
export function mood({ line, models, index, backups }: Status): 'good' | 'busy' | 'problem' {
  if (line === 'closed' || line === 'unauthorized' || models === 'down') return 'problem'
  if (line === 'connecting' || models === 'starting' || (index && index.pending > 0)) return 'busy'
  if (backups === 'failing' || backups === 'stale' || backups === 'key-unknown') return 'problem'
  return index && index.failed > 0 ? 'problem' : 'good'
}
