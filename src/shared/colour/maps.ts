/** Red, green and blue, 0…255. */
export type Rgb = readonly [number, number, number]

/**
 * A diverging colour map: relevance over the legend's range, −1…1, to colour.
 * Positive is evidence for the class, negative evidence against it. How much of the colour
 * shows is decided apart from it, by `alphaOf`, so that zero is transparent in every map.
 */
export interface ColourMap {
  readonly id: string
  readonly name: string
  /** What to know before choosing it; shown beside its name. */
  readonly note: string
  /** Lightness is monotone in each arm: equal steps of relevance look like equal steps. */
  readonly perceptual: boolean
  /** The two arms stay apart under deuteranopia, protanopia and tritanopia (ΔE ≥ 45). */
  readonly colourBlindSafe: boolean
  /** @param t −1…1; beyond is clamped, NaN is 0. */
  readonly colour: (t: number) => Rgb
}

type Stop = readonly [at: number, hex: string]

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex, 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function clampUnit(t: number): number {
  return Number.isNaN(t) ? 0 : Math.min(1, Math.max(-1, t))
}

/** Linear interpolation in sRGB between stops in ascending order, the first at −1, the last at 1. */
function through(stops: readonly Stop[]): (t: number) => Rgb {
  const parsed = stops.map(([at, hex]) => ({ at, rgb: rgbOf(hex) }))
  return (t) => {
    const at = clampUnit(t)
    const above = parsed.findIndex((stop) => stop.at >= at)
    const high = parsed[Math.max(above, 0)]
    const low = parsed[Math.max(above - 1, 0)]
    if (!high || !low) return [0, 0, 0]
    const share = high.at === low.at ? 0 : (at - low.at) / (high.at - low.at)
    const mix = (from: number, to: number) => from + (to - from) * share
    return [
      mix(low.rgb[0], high.rgb[0]),
      mix(low.rgb[1], high.rgb[1]),
      mix(low.rgb[2], high.rgb[2]),
    ]
  }
}

/** Stops at equal distances from −1 to 1. */
function evenly(...hexes: readonly string[]): (t: number) => Rgb {
  return through(hexes.map((hex, index) => [(2 * index) / (hexes.length - 1) - 1, hex]))
}

/** The piecewise linear jet: blue, cyan, green, yellow, red. */
function jet(t: number): Rgb {
  const x = (clampUnit(t) + 1) / 2
  const ramp = (centre: number) => 255 * Math.min(1, Math.max(0, 1.5 - Math.abs(4 * x - centre)))
  return [ramp(3), ramp(2), ramp(1)]
}

export const blueWhiteRed: ColourMap = {
  id: 'blue-white-red',
  name: 'Blue · white · red',
  note: 'Safe for colour-blind eyes',
  perceptual: true,
  colourBlindSafe: true,
  colour: evenly('0000ff', 'ffffff', 'ff0000'),
}

/** In the order in which they are offered; the first is the default. */
export const colourMaps: readonly ColourMap[] = [
  blueWhiteRed,
  {
    id: 'red-blue',
    name: 'Red · blue, muted',
    note: 'Darker ends, for print',
    perceptual: true,
    colourBlindSafe: true,
    // ColorBrewer RdBu, eleven classes, reversed so that positive is red.
    colour: evenly(
      '053061',
      '2166ac',
      '4393c3',
      '92c5de',
      'd1e5f0',
      'f7f7f7',
      'fddbc7',
      'f4a582',
      'd6604d',
      'b2182b',
      '67001f',
    ),
  },
  {
    id: 'cold-hot',
    name: 'Cold · hot',
    note: 'Best seen on stained tissue',
    perceptual: true,
    colourBlindSafe: true,
    colour: through([
      [-1, '00ffff'],
      [-0.5, '0000ff'],
      [0, '000000'],
      [1 / 3, 'ff0000'],
      [2 / 3, 'ffff00'],
      [1, 'ffffff'],
    ]),
  },
  {
    id: 'purple-orange',
    name: 'Purple · orange',
    note: 'Purple is hard to see on haematoxylin',
    perceptual: true,
    colourBlindSafe: true,
    // ColorBrewer PuOr, eleven classes, reversed so that positive is orange.
    colour: evenly(
      '2d004b',
      '542788',
      '8073ac',
      'b2abd2',
      'd8daeb',
      'f7f7f7',
      'fee0b6',
      'fdb863',
      'e08214',
      'b35806',
      '7f3b08',
    ),
  },
  {
    id: 'jet',
    name: 'Jet',
    note: 'As in the paper; not perceptual',
    perceptual: false,
    colourBlindSafe: false,
    colour: jet,
  },
]

/** The map of that id; the default where there is none, so that old settings still open. */
export function colourMapById(id: string): ColourMap {
  return colourMaps.find((map) => map.id === id) ?? blueWhiteRed
}
