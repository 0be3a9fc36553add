/** What a page and the desktop around it say to each other, beside the frames. */
export type DeskMessage =
  /** The page asks for the titles of open windows; `windows` answers. */
  { type: 'list-windows' } | { type: 'windows'; titles: string[] }
