/** Stands for `lane.ts` in a test: stories pass, fail, or end the process in the ways in which processes end. `DIES=at-once` ends it before the first. */
if (process.env.DIES === 'at-once') process.exit(7)
process.on('message', (seed: number) => {
  if (seed % 10 === 3) process.kill(process.pid, 'SIGKILL')
  else if (seed % 10 === 5) process.exit(3)
  else process.send?.(seed % 10 === 7 ? 'not together' : null)
})
process.send?.('ready')
