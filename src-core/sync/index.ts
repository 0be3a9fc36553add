/** What travels between devices and the relay: frames of the socket, what is sealed in them, and the keys (docs/protocol.md). */
export {
  type DeviceFrame,
  decodeDeviceFrame,
  decodeRelayFrame,
  encodeDeviceFrame,
  encodeRelayFrame,
  ID_BYTES,
  idBytes,
  idOf,
  MESSAGE_BYTES,
  NO_ROOM,
  PROTOCOL_VERSION,
  type RefusalCode,
  type RelayFrame,
  type RoomHead,
  SUBPROTOCOL,
} from './frames.ts'
export { DEVICES_DOCUMENT, type RelaySession, type Roster, type RosterDevice } from './roster.ts'
export {
  type FrameContent,
  type FrameKind,
  type FramePlace,
  openFrame,
  readFrameHead,
  type Sign,
  sealFrame,
  type Verify,
} from './sealed-frame.ts'
export { type VaultKeys, vaultKeys } from './vault-keys.ts'
export { unwrapKey, WRAPPED_BYTES, wrapKey } from './wrapped-key.ts'
