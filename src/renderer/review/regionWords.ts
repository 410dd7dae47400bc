import type { Geometry, Region } from '../../shared/review/region'

const kindNames: Readonly<Record<Geometry['kind'], string>> = {
  point: 'Point',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  polygon: 'Polygon',
  freehand: 'Freehand region',
}

export function kindName(kind: Geometry['kind']): string {
  return kindNames[kind]
}

export function regionName(region: Region): string {
  return region.label === '' ? kindNames[region.geometry.kind] : region.label
}

/** Told apart on any tissue, also by the colour-blind; none is red or blue as the evidence is. */
export const regionColours: readonly { readonly value: string; readonly name: string }[] = [
  { value: '#ffd866', name: 'yellow' },
  { value: '#78dce8', name: 'cyan' },
  { value: '#a9dc76', name: 'green' },
  { value: '#ff9ecf', name: 'pink' },
  { value: '#ffffff', name: 'white' },
  { value: '#fc9867', name: 'orange' },
  { value: '#ab9df2', name: 'violet' },
  { value: '#1b1f23', name: 'black' },
]

/** The colour least used so far, in the order above. */
export function nextColour(regions: readonly Region[]): string {
  const uses = (colour: string) => regions.filter((region) => region.colour === colour).length
  const [best] = regionColours
    .map(({ value }) => ({ value, count: uses(value) }))
    .toSorted((a, b) => a.count - b.count)
  return best?.value ?? '#ffd866'
}
