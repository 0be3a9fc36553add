import type { Connection, ConnectionServices } from '../../cloud/relay/connection.ts'
import { createConnection } from '../../cloud/relay/connection.ts'
import type { SealedBlobs } from '../../cloud/relay/sealed-blobs.ts'
import type { OpenSocket, SocketEvents } from '../../src-core/sync/index.ts'
import type { Incarnation, Simulation } from './simulation.ts'

/** What a relay is to the network. */
export interface RelaySide {
  incarnation: Incarnation
  services: ConnectionServices
  blobs: SealedBlobs
}

const SLOWEST_MS = 60
/** Room and position stand between the type and this. */
const PLACE_ENDS_AT = 1 + 16 + 8
/** Offset of what is sealed in a frame that the relay sends: type, room, position, device, sequence, covers. */
const SEALED_AT = 1 + 16 + 8 + 16 + 8 + 8
const FRAME = 0x82

/** Links between devices and the relay: slow, torn, and under faults with messages lost, doubled, out of order and spoilt. */
export class Network {
  readonly #simulation: Simulation
  readonly #links = new Set<Link>()
  readonly #cutOff = new Set<string>()
  /** Whether what stands at a place of a room reaches a device only spoilt, as it was decided when it was first sent. */
  readonly #stubborn = new Map<string, boolean>()
  /** Undefined while it is down. */
  relay: RelaySide | undefined

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  openerOf(device: string, incarnation: Incarnation): OpenSocket {
    return (_address, events) => {
      const link = new Link({
        ...{ simulation: this.#simulation, device, incarnation, events },
        onEnd: () => this.#links.delete(link),
        isStubborn: (message) => this.#isStubborn(device, message),
      })
      this.#links.add(link)
      this.#simulation.after(this.#simulation.below(SLOWEST_MS), () => {
        if (this.relay && !this.#cutOff.has(device)) link.connect(this.relay)
        else link.cut()
      })
      return link
    }
  }

  /** Whether the device has a connection. A relay that has just come back from a backup is one that it has not met yet. */
  reaches(device: string): boolean {
    return this.relay !== undefined && [...this.#links].some((link) => link.device === device)
  }

  /** Nothing reaches the device until `rejoin`; what is on its way is lost. */
  cutOff(device: string): void {
    this.#cutOff.add(device)
    this.cut(({ device: of }) => of === device)
  }

  rejoin(device: string): void {
    this.#cutOff.delete(device)
  }

  #isStubborn(device: string, message: Uint8Array): boolean {
    const { stubborn } = this.#simulation.faults
    if (stubborn === 0) return false
    const place = `${device} ${Buffer.from(message.subarray(1, PLACE_ENDS_AT)).toString('hex')}`
    const isStubborn = this.#stubborn.get(place) ?? this.#simulation.chance(stubborn)
    this.#stubborn.set(place, isStubborn)
    return isStubborn
  }

  cut(which: (link: Link) => boolean = () => true): void {
    for (const link of [...this.#links]) if (which(link)) link.cut()
  }
}

interface LinkParts {
  simulation: Simulation
  device: string
  incarnation: Incarnation
  events: SocketEvents
  onEnd: () => void
  isStubborn: (message: Uint8Array) => boolean
}

class Link {
  readonly device: string
  readonly #simulation: Simulation
  readonly #incarnation: Incarnation
  readonly #events: SocketEvents
  readonly #onEnd: () => void
  readonly #isStubborn: (message: Uint8Array) => boolean
  #connection: Connection | undefined
  #relay: RelaySide | undefined
  #isOver = false
  /** When the last message of each direction arrives: the next does not overtake it. */
  #up = 0
  #down = 0

  constructor(parts: LinkParts) {
    this.#simulation = parts.simulation
    this.device = parts.device
    this.#incarnation = parts.incarnation
    this.#events = parts.events
    this.#onEnd = parts.onEnd
    this.#isStubborn = parts.isStubborn
  }

  connect(relay: RelaySide): void {
    if (this.#isOver) return
    this.#relay = relay
    this.#connection = createConnection(
      {
        send: (message) => this.#deliver('down', message),
        close: () => this.cut(),
        bufferedAmount: 0,
        // What the relay does not read waits in its own memory here.
        pause: () => undefined,
        resume: () => undefined,
      },
      relay.services,
    )
    if (!this.#incarnation.isDead) this.#events.opened()
  }

  send(message: Uint8Array): void {
    this.#deliver('up', message)
  }

  close(): void {
    this.cut()
  }

  pause(): void {
    // What the device does not read waits: here it waits in the device's own inbox.
  }

  resume(): void {
    this.pause()
  }

  /** Both sides learn it a little later. */
  cut(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onEnd()
    this.#simulation.after(this.#simulation.below(SLOWEST_MS), () => {
      if (this.#relay && !this.#relay.incarnation.isDead) this.#connection?.closed()
    })
    this.#simulation.after(this.#simulation.below(SLOWEST_MS), () => {
      if (!this.#incarnation.isDead) this.#events.closed(1006)
    })
  }

  #deliver(direction: 'up' | 'down', message: Uint8Array): void {
    const { faults } = this.#simulation
    if (this.#isOver || this.#simulation.chance(faults.drop)) return
    const copies = this.#simulation.chance(faults.duplicate) ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      const at = this.#arrival(direction, this.#simulation.chance(faults.reorder))
      const bytes = this.#spoilt(direction, message)
      this.#simulation.after(at - this.#simulation.now, () => this.#arrive(direction, bytes))
    }
  }

  #arrival(direction: 'up' | 'down', mayOvertake: boolean): number {
    const at = this.#simulation.now + 1 + this.#simulation.below(SLOWEST_MS)
    if (mayOvertake) return at
    if (direction === 'up') {
      this.#up = Math.max(at, this.#up)
      return this.#up
    }
    this.#down = Math.max(at, this.#down)
    return this.#down
  }

  #spoilt(direction: 'up' | 'down', message: Uint8Array): Uint8Array {
    if (direction === 'up' || message[0] !== FRAME) return message
    if (!this.#isStubborn(message) && !this.#simulation.chance(this.#simulation.faults.tamper)) return message
    const bytes = message.slice()
    const at = SEALED_AT + this.#simulation.below(bytes.length - SEALED_AT)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#simulation.below(8))
    return bytes
  }

  #arrive(direction: 'up' | 'down', bytes: Uint8Array): void {
    if (this.#isOver) return
    if (direction === 'down') {
      if (!this.#incarnation.isDead) this.#events.message(bytes)
    } else if (this.#relay && !this.#relay.incarnation.isDead) this.#connection?.receive(bytes)
  }
}
