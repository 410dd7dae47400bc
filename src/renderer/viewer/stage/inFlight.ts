import type { Geometry, Point, RegionId } from '../../../shared/review/region'
import type { Draft } from '../gestures/drawing'
import type { Edit, Grip } from '../gestures/editing'

/** What the pointer did, in CSS pixels of the stage. */
export interface PointerInput {
  readonly at: Point
  readonly button: number
  readonly shift: boolean
  readonly alt: boolean
  /** The second press of a double click. */
  readonly double: boolean
}

/** Everything in flight on the stage; what is committed lies in the props. */
export interface InFlight {
  readonly draft: Draft | null
  readonly edit: { readonly id: RegionId; readonly edit: Edit } | null
  /** Given to the parent and not yet back in the props: shown so that nothing flickers. */
  readonly pending: { readonly id: RegionId | null; readonly geometry: Geometry } | null
  readonly crosshair: Point | null
  readonly grip: Grip | null
}

export const nothingInFlight: InFlight = {
  draft: null,
  edit: null,
  pending: null,
  crosshair: null,
  grip: null,
}
