/** What a client needs: the contract, its shapes and the client. Safe in a browser; the router is behind `server/index.ts`. */
export {
  goesOn,
  hasChanged,
  isBlackLook,
  LOOK_HEIGHT,
  LOOK_WIDTH,
  lookOf,
  OPENAI_VOICES,
  PICTURE_LANGUAGES,
  type PicturePlace,
  pictureText,
  placeInPictures,
  SCREENS_SESSION,
} from '../kernel/index.ts'
export { ERASE_WORD } from './backup-schemas.ts'
export { type Bridge, type BridgeMessage, bridgeCarrier } from './bridge-carrier.ts'
export { type Carrier, connectionCarrier, type LineState } from './carrier.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export { type Connection, connectionPair, type Frame, MAX_FRAME_BYTES } from './connection.ts'
export { contract } from './contract.ts'
export * from './desk-message.ts'
export * as documentSchemas from './document-schemas.ts'
export * as graphSchemas from './graph-schemas.ts'
export { type AppLink, readLink, writeLink } from './links.ts'
export * as portableSchemas from './portable-schemas.ts'
export * as schemas from './schemas.ts'
export type * from './shapes.ts'
export { type WebSocketCarrierOptions, webSocketCarrier } from './websocket-carrier.ts'
