/** All lengths in points (1/72 inch). */

export const page = {
  width: 595.28,
  height: 841.89,
  left: 56,
  right: 56,
  /** Where text begins, below the running head. */
  top: 64,
  /** Where text ends, above the footer. */
  bottom: 841.89 - 70,
} as const

export const contentWidth = page.width - page.left - page.right

/** Contrast on white: ink 17 : 1, quiet 5.9 : 1, hairlines are decoration. */
export const colours = {
  ink: '#16181d',
  quiet: '#5c636f',
  hairline: '#d7dae0',
  faint: '#eceef1',
  bar: '#59606c',
  agree: '#17703f',
  disagree: '#ad2d22',
  unsure: '#805a00',
} as const

export type Weight = 'regular' | 'medium' | 'semibold'

export interface TextStyle {
  readonly weight: Weight
  readonly size: number
  readonly colour: string
  /** Distance from line to line. */
  readonly leading: number
}

export const styles = {
  title: { weight: 'semibold', size: 22, colour: colours.ink, leading: 28 },
  subtitle: { weight: 'regular', size: 12, colour: colours.quiet, leading: 16.5 },
  brand: { weight: 'semibold', size: 8.5, colour: colours.ink, leading: 12 },
  heading1: { weight: 'semibold', size: 14, colour: colours.ink, leading: 19 },
  heading2: { weight: 'semibold', size: 9, colour: colours.ink, leading: 13 },
  aside: { weight: 'medium', size: 9, colour: colours.quiet, leading: 13 },
  label: { weight: 'regular', size: 8.5, colour: colours.quiet, leading: 12.5 },
  body: { weight: 'regular', size: 8.5, colour: colours.ink, leading: 12.5 },
  strong: { weight: 'semibold', size: 8.5, colour: colours.ink, leading: 12.5 },
  hash: { weight: 'regular', size: 7.6, colour: colours.ink, leading: 12.5 },
  quiet: { weight: 'regular', size: 7.5, colour: colours.quiet, leading: 11 },
  cell: { weight: 'regular', size: 8, colour: colours.ink, leading: 11.5 },
  cellHead: { weight: 'medium', size: 7.2, colour: colours.quiet, leading: 11 },
  notice: { weight: 'medium', size: 8.5, colour: colours.ink, leading: 12.5 },
  foot: { weight: 'regular', size: 6.6, colour: colours.quiet, leading: 9.5 },
  tag: { weight: 'semibold', size: 5.8, colour: '#ffffff', leading: 8 },
} as const satisfies Record<string, TextStyle>
