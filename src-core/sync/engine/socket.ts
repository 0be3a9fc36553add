/** What of a WebSocket the engine uses. */
export interface SyncSocket {
  send(message: Uint8Array): void
  close(): void
  /** Reads no more until `resume`: what comes meanwhile waits at the relay. */
  pause(): void
  resume(): void
}

export interface SocketEvents {
  opened(): void
  message(bytes: Uint8Array): void
  /** Once, whoever closed it; also where it never opened. */
  closed(code: number): void
}

/** @param address of the relay, such as https://relay.example.org */
export type OpenSocket = (address: string, events: SocketEvents) => SyncSocket
