import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the relay counts, for Prometheus. Never by account, device or room. */
export interface RelayMetrics {
  opened(): void
  closed(): void
  received(bytes: number): void
  sent(bytes: number): void
  /** A frame was committed, so many milliseconds after it came. */
  taken(ms: number): void
  refused(code: string): void
  text(): Promise<{ type: string; body: string }>
}

export function createMetrics(): RelayMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const sockets = new Gauge({ name: 'lva_relay_sockets', help: 'Sockets that are open', registers })
  const messages = new Counter({
    name: 'lva_relay_messages_total',
    help: 'Messages of sockets',
    labelNames: ['way'],
    registers,
  })
  const bytes = new Counter({
    name: 'lva_relay_bytes_total',
    help: 'Bytes of these messages',
    labelNames: ['way'],
    registers,
  })
  const refusals = new Counter({ name: 'lva_relay_refused_total', help: 'Refusals', labelNames: ['code'], registers })
  const commits = new Histogram({
    name: 'lva_relay_taken_seconds',
    help: 'From the coming of a frame to its commit',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const count = (way: 'in' | 'out') => (length: number) => {
    messages.inc({ way })
    bytes.inc({ way }, length)
  }
  return {
    opened: () => sockets.inc(),
    closed: () => sockets.dec(),
    received: count('in'),
    sent: count('out'),
    taken: (ms) => commits.observe(ms / 1_000),
    refused: (code) => refusals.inc({ code }),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }
}
