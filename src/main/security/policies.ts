import { appUrl, isOwnUrl, parse } from './origin'

/**
 * What a page may do: everything that is not listed here is refused.
 * Pure tables, so that a test can read them; `apply.ts` hands them to Electron.
 */

/** Writing text to the clipboard on a click ("copy details") is all that the window needs. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

export function permissionAllowed(permission: string, requestingUrl: string): boolean {
  return allowedPermissions.has(permission) && isOwnUrl(requestingUrl)
}

/** The window shows one document for its whole life; loading that one again is all it may do. */
export function navigationAllowed(target: string): boolean {
  const url = parse(target)
  if (!url || !isOwnUrl(target)) return false
  return `${url.protocol}//${url.host}${url.pathname}` === appUrl && url.search === ''
}

/**
 * Which requests may leave a page at all. The program has no network: own files, and what
 * the page itself holds in memory. Developer tools load from inside the program.
 */
export function requestAllowed(address: string, development: boolean): boolean {
  if (isOwnUrl(address)) return true
  if (address.startsWith('blob:')) return isOwnUrl(address.slice('blob:'.length))
  if (address.startsWith('data:')) return true
  return development && address.startsWith('devtools://devtools/')
}

/**
 * Sent with every file, so that it holds before the first script runs.
 * Styles set through the DOM (React's `style`) are not inline styles to this policy.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const responseHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}
