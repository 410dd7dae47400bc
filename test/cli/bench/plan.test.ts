import { describe, expect, it } from 'vitest'
import { together } from '../../../src/cli/bench/measure'
import { planOf } from '../../../src/cli/bench/plan'

const namesOf = (...args: string[]) =>
  planOf(args).measurements.map((each) =>
    'case' in each ? `${each.model} ${each.case}` : `${each.model} ${each.method} ${each.batch}`,
  )
const refusal = (sentence: RegExp) =>
  expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(sentence) })

describe('what the benchmark measures', () => {
  it('is everything, without options', () => {
    const names = namesOf()
    expect(names).toHaveLength(15)
    for (const model of ['resnet50', 'vgg16', 'densenet121', 'mobilenet-v2'])
      expect(names).toContain(`${model} epsilon-plus-flat 1`)
    for (const name of ['five-classes', 'memory', 'compile'])
      for (const model of ['resnet50', 'vgg16']) expect(names).toContain(`${model} ${name}`)
    expect(planOf([])).toMatchObject({
      json: false,
      settings: { runs: 9, ledger: true, runtime: { provider: 'cpu' } },
    })
  })

  it('is what the options leave of it', () => {
    expect(namesOf('--model', 'vgg16', '--batch', '1')).toEqual([
      'vgg16 epsilon-plus-flat 1',
      'vgg16 epsilon-gamma-box 1',
      'vgg16 epsilon 1',
    ])
    expect(namesOf('--model', 'resnet50', '--method', 'epsilon-gamma-box')).toEqual([
      'resnet50 epsilon-gamma-box 1',
    ])
    expect(namesOf('--case', 'memory')).toEqual(['vgg16 memory', 'resnet50 memory'])
    expect(namesOf('--case', 'compile', '--model', 'vgg16')).toEqual(['vgg16 compile'])
    expect(namesOf('--model', 'densenet121')).toEqual(['densenet121 epsilon-plus-flat 1'])
    expect(planOf(['--runs', '3', '--no-ledger', '--json'])).toMatchObject({
      json: true,
      settings: { runs: 3, ledger: false },
    })
  })

  it.each([
    [['--model', 'alexnet'], /--model is “alexnet”, which is not measured/],
    [['--case', 'speed'], /--case is “speed”/],
    [['--method', 'magic'], /no method “magic”/],
    [['--runs', '0'], /--runs is “0”/],
    [['--runs', 'many'], /--runs is “many”/],
    [['--batch', 'x'], /--batch is “x”/],
    [['--case', 'compile', '--batch', '1'], /--case stands for its own method and batch/],
    [['--frob'], /--frob/],
    [['stray'], /stray/],
  ])('is not asked by %j', (args, sentence) => {
    expect(() => planOf(args)).toThrow(refusal(sentence))
  })

  // An empty list would look like a result.
  it.each([
    [['--case', 'memory', '--model', 'densenet121']],
    [['--method', 'gradient']],
    [['--batch', '3']],
  ])('is never nothing: %j', (args) => {
    expect(() => planOf(args)).toThrow(refusal(/Nothing of that kind is measured/))
  })
})

it('a row names every provider that took part', () => {
  const cpu = { provider: 'cpu', threads: 2, notices: [] }
  const fell = { provider: 'cpu', threads: 2, notices: ['WebGPU could not be used.'] }
  const webgpu = { provider: 'webgpu', threads: 2, notices: [] }
  expect(together([cpu, fell])).toEqual(fell)
  expect(together([cpu, webgpu]).provider).toBe('cpu and webgpu')
})
