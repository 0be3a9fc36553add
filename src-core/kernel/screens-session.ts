/** Sessions of the study timeline, one for each day (UTC), begin so; no list of sessions shows them. */
export const SCREENS_SESSION = 'screens:'
