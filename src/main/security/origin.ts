/** The scheme of the application's own pages. */
export const appScheme = 'pixelwise'
export const appHost = 'app'
/** The one document that the window shows. */
export const appUrl = `${appScheme}://${appHost}/index.html`

/**
 * Whether the address belongs to the application's own pages.
 * `URL.origin` is "null" for schemes that Node does not know, so scheme and host are compared.
 */
export function isOwnUrl(address: string): boolean {
  const url = parse(address)
  return (
    url !== null &&
    url.protocol === `${appScheme}:` &&
    url.host === appHost &&
    url.username === '' &&
    url.password === ''
  )
}

export function parse(address: string): URL | null {
  try {
    return new URL(address)
  } catch {
    return null
  }
}
