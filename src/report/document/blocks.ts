import type { ImageRect } from '../../shared/explanation/result'
import type { Sha256 } from '../../shared/hash'
import type { HeatmapView } from '../../shared/report/model'
import type { Geometry } from '../../shared/review/region'
import type { ImageId } from '../../shared/session'

/** One element of a synoptic block: the label stands left, the answer right, one a line. */
export interface Field {
  readonly label: string
  readonly value: string
  /** `hash`: small, so that 64 digits keep to one line. `strong`: the answer a reader looks for. */
  readonly style?: 'hash' | 'strong'
}

export interface Column {
  readonly title: string
  /** Relative to the other columns. */
  readonly width: number
  readonly align: 'left' | 'right'
}

/** A text, or a share 0…1 drawn as a bar. */
export type Cell = string | { readonly share: number }

export interface Outline {
  /** As in the region table, from 1. */
  readonly number: number
  readonly geometry: Geometry
  /** #rrggbb */
  readonly colour: string
}

export interface FigureHeatmap {
  /** [channels, height, width] */
  readonly shape: readonly number[]
  /** The part of the image that the heatmap covers, in image pixels. */
  readonly region: ImageRect
  readonly relevanceSha256: Sha256
  readonly view: HeatmapView
  /** The words at the negative and positive end of the legend. */
  readonly against: string
  readonly for: string
  /** The numbers at the legend's ends, −range and +range. */
  readonly ends: readonly [string, string]
  /** What the legend leaves unsaid: clipping, threshold, opacity. */
  readonly note: string
}

export interface FigureBlock {
  readonly kind: 'figure'
  readonly imageId: ImageId
  readonly sha256: Sha256
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly outlines: readonly Outline[]
  readonly heatmap: FigureHeatmap | null
  /** For readers who do not see the figure. */
  readonly alt: string
}

export interface TableBlock {
  readonly kind: 'table'
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What a report is made of, top to bottom; says nothing about pages or points. */
export type Block =
  | {
      readonly kind: 'cover'
      readonly title: string
      readonly subtitle: string
      readonly aside: string
    }
  | {
      readonly kind: 'heading'
      readonly level: 1 | 2
      readonly text: string
      readonly aside: string
      readonly startsPage: boolean
    }
  | { readonly kind: 'fields'; readonly rows: readonly Field[] }
  | { readonly kind: 'paragraph'; readonly text: string; readonly tone: 'normal' | 'quiet' }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'signature'; readonly name: string; readonly meaning: string }
  | TableBlock
  | FigureBlock

export interface ReportDocument {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** Every text of a document in reading order, one element a line: what a reader can find in it. */
export function documentText(document: ReportDocument): string {
  return document.blocks.flatMap(blockTexts).join('\n')
}

function blockTexts(block: Block): readonly string[] {
  switch (block.kind) {
    case 'cover':
      return [block.title, block.subtitle, block.aside]
    case 'heading':
      return [block.text, block.aside]
    case 'fields':
      return block.rows.map((row) => `${row.label}: ${row.value}`)
    case 'paragraph':
    case 'notice':
    case 'code':
      return [block.text]
    case 'signature':
      return [block.name, block.meaning]
    case 'table':
      return [
        block.columns.map((column) => column.title).join(' | '),
        ...block.rows.map((row) =>
          row.map((cell) => (typeof cell === 'string' ? cell : '')).join(' | '),
        ),
      ]
    case 'figure':
      return [
        block.alt,
        ...(block.heatmap
          ? [...block.heatmap.ends, block.heatmap.against, block.heatmap.for, block.heatmap.note]
          : []),
      ]
  }
}
