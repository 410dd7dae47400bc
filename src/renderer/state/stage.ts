import type { RefObject } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Scope } from '../../shared/explanation/method'
import type { Point, RegionId } from '../../shared/review/region'
import type { ImageId } from '../../shared/session'
import type { Tool, ViewerController, ViewerView } from '../viewer/types'

export interface StageState {
  readonly tool: Tool
  readonly selectedId: RegionId | null
  /** The heatmap is hidden while the key is held. */
  readonly peeking: boolean
  /** What of the image is predicted and explained. */
  readonly scope: Scope
}

export interface StageService {
  readonly store: StoreApi<StageState>
  /** Under the pointer, image pixels; apart from the rest because it changes with every move. */
  readonly hover: StoreApi<{ readonly point: Point | null }>
  readonly controller: RefObject<ViewerController | null>
  /** Where each image was left during this run of the program. */
  readonly views: Map<ImageId, ViewerView>
}

export function createStage(): StageService {
  const store = createStore<StageState>(() => ({
    tool: 'select',
    selectedId: null,
    peeking: false,
    scope: { kind: 'whole' },
  }))
  const hover = createStore<{ point: Point | null }>(() => ({ point: null }))
  return { store, hover, controller: { current: null }, views: new Map() }
}
