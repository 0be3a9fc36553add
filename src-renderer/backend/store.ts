import { useSyncExternalStore } from 'react'

/** Something that changes and says so. */
export interface Store {
  subscribe(listener: () => void): () => void
}

/** What `read` sees in a store, always up to date. `read` must answer the same object until something changed. */
export function useStore<S extends Store, T>(store: S, read: (store: S) => T): T {
  return useSyncExternalStore(store.subscribe, () => read(store))
}

/** Calls `begin` each time that `isUnderWay` comes true. */
export function onBeginning(store: Store, isUnderWay: () => boolean, begin: () => void): void {
  let was = isUnderWay()
  store.subscribe(() => {
    const is = isUnderWay()
    if (is && !was) begin()
    was = is
  })
}
