import { describe, expect, it } from 'vitest'
import { checkNodeVersion, isNodeRecentEnough } from '../../../tools/setup/nodeVersion.mjs'

describe('the Node.js version', () => {
  it.each([
    ['20.19.0', true],
    ['20.20.2', true],
    ['22.0.0', true],
    ['26.1.0', true],
    ['20.18.9', false],
    ['18.20.0', false],
    ['8.99.0', false],
  ])('%s is recent enough: %s', (version, enough) => {
    expect(isNodeRecentEnough(version)).toBe(enough)
  })

  it('is refused with what to do', () => {
    expect(() => checkNodeVersion('18.20.0')).toThrow(
      expect.objectContaining({
        message: 'Pixelwise needs Node.js 20.19 or newer, and this is 18.20.0.',
        advice: expect.stringContaining('https://nodejs.org'),
      }),
    )
  })
})
