import { createInteraction } from '../../../../src/renderer/viewer/stage/interaction'
import { createViewModel } from '../../../../src/renderer/viewer/stage/viewModel'
import type { Tool, ViewerProps } from '../../../../src/renderer/viewer/types'
import {
  regionIdSchema,
  type Geometry,
  type Region,
  type RegionId,
} from '../../../../src/shared/review/region'

export const idA = regionIdSchema.parse('00000000-0000-4000-8000-00000000000a')
export const idB = regionIdSchema.parse('00000000-0000-4000-8000-00000000000b')

export function region(id: RegionId, geometry: Geometry): Region {
  return { id, geometry, label: '', colour: '#ffd866', note: '', createdAt: '2026-01-01T00:00:00Z' }
}

type Call = readonly [name: string, ...rest: readonly unknown[]]

/** A stage of 400×400 showing an image of 200×200 at twice its size, its corner in the corner. */
export function stageFor(start: {
  readonly regions?: readonly Region[]
  readonly tool?: Tool
  readonly selectedId?: RegionId | null
}) {
  const calls: Call[] = []
  const props: ViewerProps = {
    image: null,
    heatmap: null,
    heatmapStyle: {
      visible: true,
      opacity: 1,
      colourMap: 'blue-white-red',
      threshold: 0,
      sign: 'both',
      range: 1,
      sampling: 'smooth',
    },
    regions: start.regions ?? [],
    regionsVisible: true,
    selectedId: start.selectedId ?? null,
    tool: start.tool ?? 'select',
    tile: null,
    newRegionColour: '#ffd866',
    micronsPerPixel: null,
    controller: { current: null },
    onSelect: (id) => calls.push(['select', id]),
    onAddRegion: (geometry) => calls.push(['add', geometry]),
    onReshapeRegion: (id, geometry) => calls.push(['reshape', id, geometry]),
    onPickTile: (point) => calls.push(['tile', point]),
    onHover: () => undefined,
    onViewChange: () => undefined,
  }
  const model = createViewModel(() => undefined)
  model.setStage({ width: 400, height: 400 })
  model.setImage({ width: 200, height: 200 }, { scale: 2, x: 0, y: 0 })
  const interaction = createInteraction(
    model,
    () => props,
    () => undefined,
  )
  const input = (x: number, y: number, more: object = {}) => ({
    at: { x, y },
    button: 0,
    shift: false,
    alt: false,
    double: false,
    ...more,
  })
  return {
    calls,
    props,
    model,
    interaction,
    input,
    /** CSS pixels; image pixels are half of them. */
    drag(from: readonly [number, number], to: readonly [number, number], more: object = {}) {
      interaction.press(input(...from, more))
      interaction.move(input((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, more))
      interaction.move(input(...to, more))
      interaction.release(input(...to, more))
    },
    click(x: number, y: number, more: object = {}) {
      interaction.press(input(x, y, more))
      interaction.release(input(x, y, more))
    },
  }
}
