import type { Connection, Frame } from '../../src-core/contract/index.ts'
import type { CoreHost } from '../../src-main/core-host.ts'

/** A client's connection straight through a host, and the host's means to hold it back. */
export function lineConnection(core: CoreHost): Connection & { pause(): void; resume(): void } {
  const frames: ((frame: Frame) => void)[] = []
  const closes: (() => void)[] = []
  const line = core.connect({
    onFrame: (frame) => {
      for (const listener of frames) listener(frame)
    },
    onClose: () => {
      for (const listener of closes) listener()
    },
  })
  return {
    ...line,
    onFrame: (listener) => void frames.push(listener),
    onClose: (listener) => void closes.push(listener),
  }
}
