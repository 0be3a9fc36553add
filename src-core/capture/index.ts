/** What comes in from outside becomes a capture: recordings now, documents and screens with their issues. */
export { type KeptTranscript, type RecordingServices, Recordings } from './recordings.ts'
