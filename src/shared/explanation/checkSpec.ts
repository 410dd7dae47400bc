import { AppError } from '../errors'
import { boxProblem } from './box'
import {
  keepsLedger,
  parametersOf,
  type ExplanationSpec,
  type MethodName,
  type MethodParameters,
} from './method'

export interface SpecProblem {
  readonly message: string
  readonly hint: string
}

/**
 * Why parameters cannot be meant together; null when they can. Each alone is in its range already.
 * A parameter that the method does not use would be stated in the result and decide nothing.
 */
export function parameterProblem(
  method: MethodName,
  parameters: MethodParameters,
): SpecProblem | null {
  const used = parametersOf(method)
  const idle = Object.entries(parameters).find(
    ([name, value]) => value !== undefined && !used.some((known) => known === name),
  )
  if (idle) {
    return {
      message: `The method ${method} has no parameter ${idle[0]}.`,
      hint: used.length > 0 ? `It has ${used.join(', ')}.` : 'It has no parameters.',
    }
  }
  return boundsProblem(parameters) ?? patchProblem(parameters)
}

function boundsProblem({ low, high }: MethodParameters): SpecProblem | null {
  const problem = low === undefined || high === undefined ? null : boxProblem(low, high)
  return problem === null
    ? null
    : {
        message: `${problem}.`,
        hint: 'low is the lowest input value, high the highest: one number, or one per channel.',
      }
}

function patchProblem({ patch, stride }: MethodParameters): SpecProblem | null {
  if (patch === undefined || stride === undefined || stride <= patch) return null
  return {
    message: `A stride of ${stride} is larger than the square of ${patch}: pixels between the squares would never be covered.`,
    hint: 'Choose a stride up to the side of the square.',
  }
}

type Decisive = Pick<ExplanationSpec, 'method' | 'parameters' | 'composite' | 'missing'>

/**
 * What a specification's parts say against each other, before anything is read or run.
 * @throws AppError `invalid-input`
 */
export function checkSpec(spec: Decisive): void {
  const problem = specProblem(spec)
  if (problem) throw new AppError('invalid-input', problem.message, problem.hint)
}

function specProblem({ method, parameters, composite, missing }: Decisive): SpecProblem | null {
  if (method === 'custom' && composite === undefined) {
    return {
      message: 'The method custom has no rules.',
      hint: 'Choose a composite file.',
    }
  }
  if (method !== 'custom' && composite !== undefined) {
    return {
      message: `The method ${method} has rules of its own, so the composite “${composite.name}” would decide nothing.`,
      hint: 'Use the method custom, or leave the composite away.',
    }
  }
  if (missing === 'gradient' && !keepsLedger(method)) {
    return {
      message: `The method ${method} needs no rules, so what to do where one is missing would decide nothing.`,
      hint: 'Ask for the gradient in place of missing rules with methods of relevance propagation only.',
    }
  }
  return parameterProblem(method, parameters)
}
