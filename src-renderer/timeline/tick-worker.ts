/** Ticks also while the page is hidden, where its own timers would rest. The first message says how often, in milliseconds. */
addEventListener('message', ({ data }: MessageEvent<number>) => {
  setInterval(() => postMessage(null), data)
})
