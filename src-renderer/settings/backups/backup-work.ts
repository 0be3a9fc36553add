import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { BackupProgress, Client } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { type Failure, toFailure } from '../../backend/failure.ts'
import { keys } from '../../backend/queries.ts'

export type BackupTask = 'backup' | 'verify' | 'restore'

interface WorkState {
  task: BackupTask | null
  progress: BackupProgress | null
  /** What came of the last one, until the next begins. */
  done: BackupTask | null
  failure: Failure | null
}

type Events = AsyncIterable<{ type: 'progress'; progress: BackupProgress } | { type: 'done' }>

/** The one work on backups that this window began. It goes on while the learner is elsewhere in the program. */
let state: WorkState = { task: null, progress: null, done: null, failure: null }
let stopping = new AbortController()
const listeners = new Set<() => void>()

function set(patch: Partial<WorkState>): void {
  state = { ...state, ...patch }
  for (const listener of listeners) listener()
}

async function follow(task: BackupTask, start: (signal: AbortSignal) => Promise<Events>): Promise<void> {
  if (state.task) return
  stopping = new AbortController()
  const { signal } = stopping
  set({ task, progress: null, done: null, failure: null })
  try {
    for await (const event of await start(signal)) {
      if (event.type === 'progress') set({ progress: event.progress })
      else set({ done: task })
    }
  } catch (error) {
    if (!signal.aborted) set({ failure: toFailure(error) })
  } finally {
    set({ task: null })
  }
}

export interface BackupWork extends WorkState {
  backUp(): void
  verify(backup: { place: string; name: string }): void
  restore(backup: { place: string; name: string }): void
  stop(): void
}

export function useBackupWork(): BackupWork {
  const client: Client = useClient()
  const cache = useQueryClient()
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => state,
  )
  const run = (task: BackupTask, start: (signal: AbortSignal) => Promise<Events>) =>
    void follow(task, start).then(() => cache.invalidateQueries({ queryKey: keys.backups }))
  return {
    ...shown,
    backUp: () => run('backup', (signal) => client.backup.run({}, { signal })),
    verify: ({ place, name }) => run('verify', (signal) => client.backup.verify({ place, name }, { signal })),
    restore: ({ place, name }) => run('restore', (signal) => client.backup.restore({ place, name }, { signal })),
    stop: () => stopping.abort(),
  }
}
