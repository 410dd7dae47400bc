import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { AppError } from '../../shared/errors'
import { elementSize } from './elements'
import { DataType, type Model, type Tensor } from './model'
import { plainText } from './names'
import { writeModel } from './write'

export interface Session {
  /** The execution provider that runs. */
  readonly provider: string
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>
  release(): Promise<void>
}

/**
 * Opens a session on the CPU, the reference provider: deterministic to the bit over runs and threads.
 * @throws AppError `invalid-model` with ONNX Runtime's own reason.
 */
export async function openSession(
  model: Model | Uint8Array,
  optimise: 'all' | 'disabled',
): Promise<Session> {
  const bytes = model instanceof Uint8Array ? model : writeModel(model)
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: optimise,
      // What goes wrong is thrown; on the terminal it would show names as the file has them.
      logSeverityLevel: 4,
      // Idle threads would spin on and take the cores from the next session, and from the window.
      extra: { session: { force_spinning_stop: '1' } },
    })
    return {
      provider: 'cpu',
      run: async (feeds) => {
        try {
          return await session.run(feeds)
        } catch (error) {
          throw new AppError(
            'invalid-model',
            `ONNX Runtime could not run the model: ${reasonOf(error)}`,
            'Check the model, and the size of its input, with the tool that exported it.',
            { cause: error },
          )
        }
      },
      release: () => session.release(),
    }
  } catch (error) {
    throw new AppError(
      'invalid-model',
      `ONNX Runtime could not load the model: ${reasonOf(error)}`,
      'Check the model with the tool that exported it.',
      { cause: error },
    )
  }
}

/** The first line, without ONNX Runtime's source locations. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [line = ''] = text.split('\n')
  return plainText(line.replaceAll(/\S*onnxruntime_src\S*:\d+ .*?\) (?=[A-Za-z])/g, ''), 300)
}

export function floatFeed(values: Float32Array, dims: readonly number[]): OrtTensor {
  return new OrtTensor('float32', values, dims)
}

/** @throws Error when the session's output is not float32. */
export function floatData(tensor: OrtTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data
  throw new Error('expected a float32 output')
}

export function integerData(tensor: OrtTensor | undefined): number[] {
  if (tensor?.data instanceof BigInt64Array) return Array.from(tensor.data, Number)
  throw new Error('expected an int64 output')
}

const dataTypes: Readonly<Record<string, number>> = {
  float32: DataType.float,
  float64: DataType.double,
  int64: DataType.int64,
  int32: DataType.int32,
  uint8: DataType.uint8,
  int8: DataType.int8,
  bool: DataType.bool,
  float16: DataType.float16,
}

/** A session's output as an initializer. */
export function tensorOf(name: string, output: OrtTensor): Tensor {
  const { data } = output
  const dataType = dataTypes[output.type]
  if (dataType === undefined || !ArrayBuffer.isView(data)) {
    throw new Error(`${name} has the type ${output.type}, which is not read`)
  }
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const expected = output.dims.reduce((product, size) => product * size, 1) * elementSize(dataType)
  if (raw.length !== expected) throw new Error(`${name} has ${raw.length} bytes, not ${expected}`)
  return { name, dims: output.dims, dataType, raw }
}
