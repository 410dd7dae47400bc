import { expect, test } from 'vitest'
import { gradientOf, slopeAlong, type Scalar } from './gradient'
import { ndArray } from './ndArray'

const point = (...values: number[]) => ndArray([values.length], Float64Array.from(values))

/** x₀² x₁ + sin x₁ */
const smooth: Scalar = ({ data: [a = NaN, b = NaN] }) => a * a * b + Math.sin(b)

test('the gradient of a smooth function', () => {
  // ∂/∂x₀ = 2 x₀ x₁ = 2 · 1.5 · −0.7; ∂/∂x₁ = x₀² + cos x₁
  const [first, second] = gradientOf(smooth, point(1.5, -0.7))
  expect(first).toBeCloseTo(-2.1, 8)
  expect(second).toBeCloseTo(2.25 + Math.cos(-0.7), 8)
})

test('along a direction: the gradient times it', () => {
  // −2.1 · 2 + (2.25 + cos 0.7) · −1
  expect(slopeAlong(smooth, point(1.5, -0.7), [2, -1])).toBeCloseTo(-4.2 - 2.25 - Math.cos(0.7), 8)
})

test('a function that does not depend on the input is flat, not kinked', () => {
  expect(slopeAlong(() => 3, point(1, 2), [1, 1])).toBe(0)
})

const relu = (x: number): number => Math.max(x, 0)

test.each([
  ['at the kink', 0],
  ['within the step on the left', -0.4e-6],
  ['within the step on the right', 0.4e-6],
  ['within the larger step alone', 2e-6],
])('a kink is found: %s', (_, x) => {
  // One ReLU of slope 1 beside a slope of 100.
  const kinked: Scalar = ({ data: [a = NaN, b = NaN] }) => relu(a) + 100 * b
  expect(slopeAlong(kinked, point(x, 1), [1, 1])).toBeNull()
  expect(gradientOf(kinked, point(x, 1))[0]).toBeNull()
})

test('a kink further away does no harm', () => {
  expect(slopeAlong(({ data: [a = NaN] }) => relu(a), point(1e-5), [1])).toBeCloseTo(1, 9)
})
