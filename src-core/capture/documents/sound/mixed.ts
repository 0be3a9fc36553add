/** The mean of channels. */
export function mixed(channels: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const [first = new Float32Array()] = channels
  if (channels.length < 2) return new Float32Array(first)
  const mean = new Float32Array(first.length)
  for (let index = 0; index < mean.length; index++) {
    let sum = 0
    for (const channel of channels) sum += channel[index] as number
    mean[index] = sum / channels.length
  }
  return mean
}
