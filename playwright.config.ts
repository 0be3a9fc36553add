import { defineConfig } from '@playwright/test'

/** Tests in which something is heard while it is said: sound does not wait for a machine that is busy with another test. */
const HEARING = /\/(desktop|first-time-user|hands-free|long-recording|microphones|voice)\.spec\.ts$/

export default defineConfig({
  testDir: 'test/e2e',
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  projects: [
    // Each file has an app, a folder and a browser of its own. What a run leaves is in a folder of the project: the next one clears only its own.
    { name: 'beside', testIgnore: HEARING, outputDir: 'test-results/beside' },
    { name: 'alone', testMatch: HEARING, outputDir: 'test-results/alone' },
  ],
})
