import { describe, expect, it } from 'vitest'
import { isOwnUrl } from '../../../src/main/security/origin'
import {
  contentSecurityPolicy,
  navigationAllowed,
  permissionAllowed,
  requestAllowed,
} from '../../../src/main/security/policies'

const own = 'pixelwise://app/index.html'

describe('isOwnUrl', () => {
  it.each([
    ['pixelwise://app/index.html', true],
    ['pixelwise://app/', true],
    ['PIXELWISE://app/index.html', true],
    ['pixelwise://app.evil/index.html', false],
    ['pixelwise://app:8080/index.html', false],
    ['pixelwise://user@app/index.html', false],
    ['pixelwise:/app/index.html', false],
    ['pixelwise-evil://app/index.html', false],
    ['https://app/index.html', false],
    ['file:///app/index.html', false],
    ['about:blank', false],
    ['', false],
    ['not an address', false],
  ])('%s → %s', (address, expected) => {
    expect(isOwnUrl(address)).toBe(expected)
  })
})

describe('permissionAllowed', () => {
  // Electron's list of permissions, each decided here: a new one is refused by default.
  const refused = [
    'background-sync',
    'camera',
    'clipboard-read',
    'deprecated-sync-clipboard-read',
    'display-capture',
    'fileSystem',
    'fullscreen',
    'geolocation',
    'hid',
    'idle-detection',
    'keyboardLock',
    'media',
    'mediaKeySystem',
    'midi',
    'midiSysex',
    'notifications',
    'openExternal',
    'payment-handler',
    'pointerLock',
    'serial',
    'speaker-selection',
    'storage-access',
    'top-level-storage-access',
    'unknown',
    'usb',
    'window-management',
    'something-new',
  ]
  it.each(refused)('refuses %s even to the own page', (permission) => {
    expect(permissionAllowed(permission, own)).toBe(false)
  })

  it('lets the own page, and no other, write text to the clipboard', () => {
    expect(permissionAllowed('clipboard-sanitized-write', own)).toBe(true)
    expect(permissionAllowed('clipboard-sanitized-write', 'https://example.org/')).toBe(false)
  })
})

describe('navigationAllowed', () => {
  it.each([
    [own, true],
    [`${own}#session`, true],
    [`${own}?x=1`, false],
    ['pixelwise://app/other.html', false],
    ['pixelwise://other/index.html', false],
    ['https://example.org/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['about:blank', false],
  ])('%s → %s', (target, expected) => {
    expect(navigationAllowed(target)).toBe(expected)
  })
})

describe('requestAllowed', () => {
  it.each([
    ['pixelwise://app/assets/index.js', true],
    ['blob:pixelwise://app/3d7a', true],
    ['blob:https://example.org/3d7a', false],
    ['data:image/png;base64,AA==', true],
    ['http://localhost:5173/', false],
    ['https://example.org/', false],
    ['ws://127.0.0.1/', false],
    ['ftp://example.org/', false],
    ['file:///etc/passwd', false],
    ['chrome-extension://x/y.js', false],
    ['devtools://devtools/bundled/inspector.html', false],
  ])('%s → %s', (address, expected) => {
    expect(requestAllowed(address, false)).toBe(expected)
  })

  it('lets developer tools load in development only', () => {
    const tools = 'devtools://devtools/bundled/inspector.html'
    expect(requestAllowed(tools, true)).toBe(true)
    expect(requestAllowed('https://example.org/', true)).toBe(false)
  })
})

describe('contentSecurityPolicy', () => {
  it('starts from nothing and has no unsafe word, no wildcard and no remote source', () => {
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'/)
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|ws:/)
  })

  it('decides what does not fall back to default-src', () => {
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors']) {
      expect(contentSecurityPolicy).toContain(`${directive} 'none'`)
    }
  })
})
