import { z } from 'zod'
import { assertNever } from '../assertNever'
import { AppError } from '../errors'
import { geometrySchema, regionIdSchema, regionSchema, type Geometry } from './region'
import { verdictSchema } from './verdict'

/** What one reviewer says about one image. Regions are in drawing order: the last lies on top. */
export const reviewSchema = z.object({
  regions: z.array(regionSchema),
  verdict: verdictSchema,
})
export type Review = z.infer<typeof reviewSchema>

/** Every change to a review is one of these; each is one undo step and one audit entry. */
export const reviewCommandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('add-region'),
    region: regionSchema,
    /** Position in drawing order; the end when absent. */
    index: z.number().int().min(0).optional(),
  }),
  z.object({ kind: z.literal('remove-region'), id: regionIdSchema }),
  z.object({ kind: z.literal('reshape-region'), id: regionIdSchema, geometry: geometrySchema }),
  z.object({
    kind: z.literal('describe-region'),
    id: regionIdSchema,
    patch: regionSchema.pick({ label: true, colour: true, note: true }).partial(),
  }),
  z.object({ kind: z.literal('set-verdict'), patch: verdictSchema.partial() }),
])
export type ReviewCommand = z.infer<typeof reviewCommandSchema>

export interface Applied {
  readonly review: Review
  /** Undoes the command: applying it gives back the review as it was. */
  readonly inverse: ReviewCommand
}

/**
 * The one reducer of the review model; pure.
 * @throws AppError `not-found` when the command names a region that is not there.
 */
export function applyCommand(review: Review, command: ReviewCommand): Applied {
  switch (command.kind) {
    case 'add-region': {
      if (review.regions.some((region) => region.id === command.region.id)) {
        throw new AppError('invalid-input', `Region ${command.region.id} exists already.`)
      }
      const index = Math.min(command.index ?? review.regions.length, review.regions.length)
      return {
        review: { ...review, regions: review.regions.toSpliced(index, 0, command.region) },
        inverse: { kind: 'remove-region', id: command.region.id },
      }
    }
    case 'remove-region': {
      const { index, region } = findRegion(review, command.id)
      return {
        review: { ...review, regions: review.regions.toSpliced(index, 1) },
        inverse: { kind: 'add-region', region, index },
      }
    }
    case 'reshape-region': {
      const { index, region } = findRegion(review, command.id)
      return {
        review: {
          ...review,
          regions: review.regions.with(index, { ...region, geometry: command.geometry }),
        },
        inverse: { kind: 'reshape-region', id: command.id, geometry: region.geometry },
      }
    }
    case 'describe-region': {
      const { index, region } = findRegion(review, command.id)
      return {
        review: {
          ...review,
          regions: review.regions.with(index, { ...region, ...command.patch }),
        },
        inverse: {
          kind: 'describe-region',
          id: command.id,
          patch: previous(region, command.patch),
        },
      }
    }
    case 'set-verdict':
      return {
        review: { ...review, verdict: { ...review.verdict, ...command.patch } },
        inverse: { kind: 'set-verdict', patch: previous(review.verdict, command.patch) },
      }
    default:
      return assertNever(command)
  }
}

const geometryNames: Record<Geometry['kind'], string> = {
  point: 'point',
  rectangle: 'rectangle',
  ellipse: 'ellipse',
  polygon: 'polygon',
  freehand: 'freehand region',
}

/** A command's name for the undo menu and the audit trail, such as "Add rectangle". */
export function commandName(review: Review, command: ReviewCommand): string {
  switch (command.kind) {
    case 'add-region':
      return `Add ${geometryNames[command.region.geometry.kind]}`
    case 'remove-region':
      return `Delete ${regionName(review, command.id)}`
    case 'reshape-region':
      return `Reshape ${regionName(review, command.id)}`
    case 'describe-region':
      return `Describe ${regionName(review, command.id)}`
    case 'set-verdict':
      return command.patch.decision === undefined ? 'Edit verdict' : 'Set verdict'
    default:
      return assertNever(command)
  }
}

function regionName(review: Review, id: string): string {
  const region = review.regions.find((candidate) => candidate.id === id)
  if (!region) return 'region'
  return region.label === '' ? geometryNames[region.geometry.kind] : `“${region.label}”`
}

function findRegion(review: Review, id: string) {
  const index = review.regions.findIndex((region) => region.id === id)
  const region = review.regions[index]
  if (!region) throw new AppError('not-found', 'This region is no longer there.')
  return { index, region }
}

/** What a patch is about to replace. */
function previous<T extends object>(now: T, patch: Partial<T>): Partial<T> {
  const replaced: Partial<T> = {}
  for (const key in patch) replaced[key] = now[key]
  return replaced
}
