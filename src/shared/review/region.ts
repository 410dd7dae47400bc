import { z } from 'zod'

/** Image pixels: x to the right, y down, (0, 0) is the outer corner of the first pixel. */
const coordinate = z.number().finite().min(-1e7).max(1e7)
export const pointSchema = z.object({ x: coordinate, y: coordinate })
export type Point = z.infer<typeof pointSchema>

const box = { x: coordinate, y: coordinate, width: coordinate.min(0), height: coordinate.min(0) }

export const geometrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('point'), ...pointSchema.shape }),
  z.object({ kind: z.literal('rectangle'), ...box }),
  /** The ellipse that fills the box. */
  z.object({ kind: z.literal('ellipse'), ...box }),
  /** Closed; the first point is not repeated. */
  z.object({ kind: z.literal('polygon'), points: z.array(pointSchema).min(3).max(100_000) }),
  /** A closed outline drawn in one stroke. */
  z.object({ kind: z.literal('freehand'), points: z.array(pointSchema).min(3).max(100_000) }),
])
export type Geometry = z.infer<typeof geometrySchema>

export const regionIdSchema = z.uuid().brand<'RegionId'>()
export type RegionId = z.infer<typeof regionIdSchema>

export const regionSchema = z.object({
  id: regionIdSchema,
  geometry: geometrySchema,
  label: z.string().max(200),
  /** #rrggbb */
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  note: z.string().max(10_000),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
})
export type Region = z.infer<typeof regionSchema>
