/** Paths on a grid of 16 × 16, drawn with a stroke of 1.5; all of one family, all our own. */
const paths = {
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h6.75a4 4 0 0 1 0 8H6',
  redo: 'M10.5 3l3 3-3 3M13.5 6H6.75a4 4 0 0 0 0 8H10',
  panelLeft: 'M2.25 3.25h11.5v9.5H2.25zM6.25 3.25v9.5M4.25 5.75v0M4.25 8v0',
  panelRight: 'M2.25 3.25h11.5v9.5H2.25zM9.75 3.25v9.5M11.75 5.75v0M11.75 8v0',
  close: 'M4 4l8 8M12 4l-8 8',
  edit: 'M2.75 13.25l.75-3L10.75 3l2.25 2.25L5.75 12.5zM9 4.75 11.25 7',
  trash: 'M2.75 4.25h10.5M6 4.25V2.75h4v1.5M4 4.25l.6 9h6.8l.6-9M6.75 7v3.75M9.25 7v3.75',
  person:
    'M8 8.25a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.75 13.5c.6-2.3 2.6-3.5 5.25-3.5s4.65 1.2 5.25 3.5',
  help: 'M8 14.25A6.25 6.25 0 1 0 8 1.75a6.25 6.25 0 0 0 0 12.5zM6.15 6.2c.1-1 .85-1.7 1.9-1.7s1.85.7 1.85 1.65c0 1.35-1.85 1.5-1.85 2.85M8.05 11.35v0',
  region: 'M3 3h10v10H3z',
  back: 'M6.5 3.5 2.5 8l4 4.5M2.5 8h11',
  rectangle: 'M2.25 4h11.5v8H2.25z',
  ellipse: 'M8 12.25c3.3 0 5.9-1.9 5.9-4.25S11.3 3.75 8 3.75 2.1 5.65 2.1 8s2.6 4.25 5.9 4.25z',
  polygon: 'M8 2.25l5.75 4.25-2.25 7h-7l-2.25-7z',
  freehand: 'M2.25 11.5c1.5-5.5 4-8.5 5.5-7s-2.75 5.5-1 6.5 3.5-5 5-4-.5 4 2 4.5',
  point:
    'M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM8 1.75v2.5M8 11.75v2.5M1.75 8h2.5M11.75 8h2.5',
} as const

export type IconName = keyof typeof paths

/** Decoration: the control around it has the name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
