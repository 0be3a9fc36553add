/** What comes in from outside becomes a capture: recordings now, documents and screens with their issues. */

export * from './documents/index.ts'
export { Forgetting, type ForgottenCounts, type RestorableThing, type ThingName } from './forgetting.ts'
export { HandsFree } from './hands-free/hands-free.ts'
export type { HandsFreeEvent, HandsFreeServices } from './hands-free/types.ts'
export { LongRecordings } from './long-recordings/long-recordings.ts'
export { type NewPicture, type PictureParts, Pictures } from './pictures/pictures.ts'
export { type KeptTranscript, type RecordingServices, Recordings } from './recordings.ts'
export { Retention, type RetentionForecast } from './retention.ts'
export { StudyTimeline } from './timeline/timeline.ts'
export type { TimelineGap, TimelineState } from './timeline/types.ts'
