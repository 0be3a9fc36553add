/** What travels between devices and the relay, the keys, and the devices' side of sync (docs/protocol.md). */
export { attachmentAmounts } from './attachments/attachment-table.ts'
export { Attachments, type AttachmentsParts } from './attachments/attachments.ts'
export {
  ATTACHMENT_KINDS,
  ATTACHMENT_POLICIES,
  type AttachmentKind,
  type AttachmentPolicies,
  type AttachmentPolicy,
  type AttachmentStanding,
  type AttachmentsOfKind,
  type AttachmentsState,
  type FetchEvent,
  UNMETERED_ONLY,
  type UnmeteredOnly,
  USUAL_POLICIES,
} from './attachments/kinds.ts'
export type { DocumentState } from './engine/document-state.ts'
export { type SyncEngine, type SyncEngineParts, startSync } from './engine/engine.ts'
export type { OpenSocket, SocketEvents, SyncSocket } from './engine/socket.ts'
export type { SyncState } from './engine/state.ts'
export { syncNow } from './engine/sync-now.ts'
export type { SyncTuning } from './engine/tuning.ts'
export { openWebSocket } from './engine/web-socket.ts'
/** What travels between devices and the relay: frames of the socket, what is sealed in them, and the keys (docs/protocol.md). */

export type { SyncSecrets } from './devices/identity.ts'
export type { Membership } from './devices/own-device.ts'
export { SyncDevices, type SyncDevicesOptions } from './devices/sync-devices.ts'
export type { AdmitEvent, DevicesStatus, JoinEvent, Standing } from './devices/types.ts'
export {
  type DeviceFrame,
  decodeDeviceFrame,
  decodeRelayFrame,
  encodeDeviceFrame,
  encodeRelayFrame,
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
  type FrameKind,
  openFrame,
  readFrameHead,
  type Sign,
  sealFrame,
  type Verify,
} from './sealed-frame.ts'
export { type VaultKeys, vaultKeys } from './vault-keys.ts'
