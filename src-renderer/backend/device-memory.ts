/** Small things that this browser, or the program's own window, keeps for the next time. */
export interface DeviceMemory {
  read(name: string): string | null
  /** @param value null takes it away */
  write(name: string, value: string | null): void
  clear(): void
}

/**
 * Kept in `storage`. A browser may refuse to keep anything for pages, or have no room: then it is remembered as long as the page is open,
 * and nothing else of the program stands still for it.
 * @param storage asked at each use, because a browser that refuses throws already where it is named
 */
export function deviceMemoryIn(storage: () => Storage): DeviceMemory {
  const unkept = new Map<string, string | null>()
  return {
    read(name) {
      const here = unkept.get(name)
      if (here !== undefined) return here
      try {
        return storage().getItem(name)
      } catch {
        // Nothing was kept.
        return null
      }
    },
    write(name, value) {
      unkept.delete(name)
      try {
        if (value === null) storage().removeItem(name)
        else storage().setItem(name, value)
      } catch {
        unkept.set(name, value)
      }
    },
    clear() {
      unkept.clear()
      try {
        storage().clear()
      } catch {
        // What cannot be reached holds nothing of ours.
      }
    },
  }
}

export const deviceMemory = deviceMemoryIn(() => localStorage)
/** For this window and this run of it only. */
export const windowMemory = deviceMemoryIn(() => sessionStorage)
