import { type Bridge, type BridgeMessage, connectionPair } from '../../src-core/contract/index.ts'
import { createContractServer } from '../../src-core/contract/server/index.ts'
import { silentLog, systemClock } from '../../src-core/kernel/index.ts'
import { imitateCore } from './imitated-core.ts'
import { imitateDesk } from './imitated-desk.ts'
import { readScenario } from './scenario.ts'

/**
 * The screens on a core that is imitated inside the page (index.html loads them after this file), for states that are hard to reach with the real one: slow and failing streams, lost
 * lines, 20,000 captures. The scenario stands in the address: `?captures=20000&answer=fail:budget-reached`.
 */
const scenario = readScenario(new URLSearchParams(location.search))
const server = createContractServer(imitateCore(scenario), silentLog, systemClock)

declare global {
  interface Window {
    /** Cuts the line to the imitated core, and joins it again. */
    imitation: { cutLine(): void; joinLine(): void }
  }
}

const listeners: ((message: BridgeMessage) => void)[] = []
const listener = (message: BridgeMessage) => {
  for (const hear of listeners) hear(message)
}
const desk = imitateDesk(scenario.desk, listener)
let near: ReturnType<typeof connectionPair>[0] | undefined
let isCut = false

function open(): void {
  near?.close()
  if (isCut) {
    listener({ type: 'closed' })
    return
  }
  const [page, core] = connectionPair()
  near = page
  page.onFrame((frame) => listener({ type: 'frame', frame }))
  server.serve(core, { host: 'browser' })
  queueMicrotask(() => listener({ type: 'opened' }))
}

const bridge: Bridge = {
  send(message) {
    if (message.type === 'open') open()
    else if (message.type === 'frame') near?.send(message.frame)
    else desk(message)
  },
  subscribe(given) {
    listeners.push(given)
  },
}
const imitation = {
  cutLine() {
    isCut = true
    near?.close()
    listener({ type: 'closed' })
  },
  joinLine() {
    isCut = false
  },
}
// `?stranger` is a page without a bridge, which asks the host and is refused.
if (!new URLSearchParams(location.search).has('stranger')) Object.assign(window, { lva: bridge, imitation })
