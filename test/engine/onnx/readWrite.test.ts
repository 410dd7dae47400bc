import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../src/shared/errors'
import { readModel } from '../../../src/engine/onnx/read'
import { writeModel } from '../../../src/engine/onnx/write'

const folder = 'test/fixtures/goldens'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.onnx'))
  .toSorted()

describe('reading and writing ONNX', () => {
  test.each(files)('%s: read ∘ write = identity', (file) => {
    const model = readModel(readFileSync(join(folder, file)))
    const again = readModel(writeModel(model))
    expect(again.opsets).toEqual(model.opsets)
    expect(again.graph.nodes).toEqual(model.graph.nodes)
    expect(again.graph.inputs).toEqual(model.graph.inputs)
    expect(again.graph.outputs).toEqual(model.graph.outputs)
    expect([...again.graph.initializers.keys()]).toEqual([...model.graph.initializers.keys()])
    for (const [name, tensor] of model.graph.initializers) {
      const other = again.graph.initializers.get(name)
      expect(other?.dims).toEqual(tensor.dims)
      expect(Buffer.compare(Buffer.from(other?.raw ?? []), Buffer.from(tensor.raw))).toBe(0)
    }
  })

  test('every node has a name of its own', () => {
    const { nodes } = readModel(readFileSync(join(folder, 'vit_tiny/model.onnx'))).graph
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length)
  })

  test('hostile bytes are refused with invalid-model, and nothing else ever', () => {
    const good = readFileSync(join(folder, 'mlp_relu/model.onnx')).subarray(0, 4000)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
          maxLength: 30,
        }),
        (edits) => {
          const bytes = Uint8Array.from(good)
          for (const [at, value] of edits) bytes[at] = value
          try {
            readModel(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(AppError)
            expect(error instanceof AppError && error.code).toBe('invalid-model')
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    )
  })
})
