/** Sound of one channel that comes in pieces, so that no recording has to be in memory as a whole. */
export interface OpenedSound {
  /** Samples a second. */
  sampleRate: number
  /** How long the file says that it is. */
  seconds: number
  /** Samples in [-1, 1], in order. */
  pieces(): AsyncIterable<Float32Array<ArrayBuffer>>
}

/** A stretch of a file that holds so many samples for each channel. */
export interface Frame {
  start: number
  end: number
  samples: number
}

/** Sound that consists of frames, any run of which can be made a file of its own. */
export interface FramedSound {
  sampleRate: number
  frames: readonly Frame[]
  /** Frames that a decoder has to see before those that are wanted. */
  leadIn: number
  /** A file of the frames from `from` up to `to`. */
  fileOf(from: number, to: number): Uint8Array<ArrayBuffer>
}
