import type { ReactNode, RefObject } from 'react'
import type { HeatmapSign, Normalisation } from '../../shared/colour/heatmap'
import type { ImageRect } from '../../shared/explanation/result'
import type { Box } from '../../shared/geometry/shapes'
import type { Geometry, Point, Region, RegionId } from '../../shared/review/region'
import type { ViewTransform } from './view/transform'

export const tools = [
  'select',
  'point',
  'rectangle',
  'ellipse',
  'polygon',
  'freehand',
  'tile',
] as const
export type Tool = (typeof tools)[number]

export interface ViewerImage {
  /** Tells one image from another: the view is fitted when it changes. */
  readonly id: string
  readonly name: string
  readonly bitmap: ImageBitmap
  /** Pixels. */
  readonly width: number
  readonly height: number
}

export interface ViewerHeatmap {
  /** Relevance per pixel, summed over channels, row-major; a new array is a new heatmap. */
  readonly values: Float32Array
  readonly width: number
  readonly height: number
  /** The part of the image it covers, in image pixels. */
  readonly region: ImageRect
  /** The class it speaks for. */
  readonly className: string
}

export interface HeatmapStyle {
  readonly visible: boolean
  /** 0…1 */
  readonly opacity: number
  /** A colour map's id. */
  readonly colourMap: string
  /** Hide below this share of the range, 0…1. */
  readonly threshold: number
  readonly sign: HeatmapSign
  /** The relevance at full colour: legendRange(values, normalisation).range. */
  readonly range: number
  /** How image and heatmap are enlarged. */
  readonly sampling: Sampling
}
export type Sampling = 'smooth' | 'pixelated'

/** What the stage shows: for the status bar, the overview and anyone who stores it. */
export interface ViewerView extends ViewTransform {
  /** The visible part, in image pixels; may reach beyond the image. */
  readonly visible: Box
}

/** What the action registry may do to the stage. Numbers are CSS pixels unless told otherwise. */
export interface ViewerController {
  /** The whole image with a margin. */
  readonly fit: () => void
  /** One image pixel to one CSS pixel, about the middle of the stage. */
  readonly actualSize: () => void
  /** Larger than 1 zooms in, about the middle of the stage. */
  readonly zoomBy: (factor: number) => void
  /** Moves the picture: a positive dx moves it to the right. */
  readonly panBy: (dx: number, dy: number) => void
  /** Pans by a share of the stage: (0.5, 0) shows what lies half a screen to the right. */
  readonly panScreens: (x: number, y: number) => void
  /** Brings a box of the image into the middle, zooming in or out only as far as needed. */
  readonly centreOn: (box: Box) => void
  /** Moves the selected region by image pixels, as one onReshapeRegion. False without selection. */
  readonly nudge: (dx: number, dy: number) => boolean
  /** Escape: ends what is being drawn or dragged without a trace. False when nothing was. */
  readonly cancel: () => boolean
  /** Enter: closes the polygon being drawn. False when nothing was to finish. */
  readonly finish: () => boolean
  /** Backspace: takes back the last vertex. False when nothing is being drawn. */
  readonly removeLast: () => boolean
  /** Delete: removes the vertex chosen last. False when none is chosen: then delete the region. */
  readonly deleteVertex: () => boolean
  readonly focus: () => void
  readonly view: () => ViewerView
}

export interface ViewerProps {
  readonly image: ViewerImage | null
  /** Changing the style never recomputes relevance. */
  readonly heatmap: ViewerHeatmap | null
  readonly heatmapStyle: HeatmapStyle
  /** In drawing order; their numbers on the stage count from 1 in this order. */
  readonly regions: readonly Region[]
  readonly regionsVisible: boolean
  readonly selectedId: RegionId | null
  readonly tool: Tool
  /** Outline of the explained tile, in image pixels. */
  readonly tile: Box | null
  /** The tile that a click at a point would explain, in image pixels; shown with the tile tool. */
  readonly tileAt?: (point: Point) => Box
  /** #rrggbb of what is being drawn. */
  readonly newRegionColour: string
  /** Where this image was left; null fits it. Read when image.id changes. */
  readonly initialView?: ViewTransform | null
  readonly onSelect: (id: RegionId | null) => void
  readonly onAddRegion: (geometry: Geometry) => void
  /** Once at the end of a gesture: one undo step. */
  readonly onReshapeRegion: (id: RegionId, geometry: Geometry) => void
  /** Image pixels: a click with the tile tool. */
  readonly onPickTile: (point: Point) => void
  /** Image pixels under the pointer; null outside the image. */
  readonly onHover: (point: Point | null) => void
  /** At most once a frame. */
  readonly onViewChange: (view: ViewerView) => void
  readonly onContextMenu?: (
    at: { readonly x: number; readonly y: number },
    id: RegionId | null,
  ) => void
  /** Null when the pixel size is not known. */
  readonly micronsPerPixel: number | null
  readonly controller: RefObject<ViewerController | null>
  /** Chips that float on the stage: LayerControls, Legend. */
  readonly children?: ReactNode
}

export interface LayerControlsValue {
  readonly visible: boolean
  readonly opacity: number
  readonly threshold: number
  readonly sign: HeatmapSign
  readonly colourMap: string
  readonly normalisation: Normalisation
  readonly sampling: Sampling
}

export interface LayerControlsProps {
  readonly value: LayerControlsValue
  /** False while there is no heatmap: the controls keep their place, disabled. */
  readonly enabled: boolean
  readonly onChange: (patch: Partial<LayerControlsValue>) => void
}

export interface LegendProps {
  readonly colourMap: string
  readonly range: number
  readonly threshold: number
  readonly sign: HeatmapSign
  readonly normalisation: Normalisation
  /** Share of the pixels beyond the range, 0…1. */
  readonly clipped: number
  readonly className: string
  /** For "why A and not B": the class held against it. */
  readonly againstName?: string | null
  /** All relevance is 0. */
  readonly allZero?: boolean
  /** What to know before the map is trusted, a few words each. */
  readonly marks?: readonly string[]
}
