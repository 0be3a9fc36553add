/** What a page and the desktop around it say to each other, beside the frames. */
export type DeskMessage =
  /** The page asks for the titles of open windows; `windows` answers. */
  | { type: 'list-windows'; ask: number }
  /** `titles` is null where they could not be told. */
  | { type: 'windows'; ask: number; titles: string[] | null }
