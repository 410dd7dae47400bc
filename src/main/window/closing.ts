import type { BrowserWindow } from 'electron'

/** A page that does not answer may not keep the window open longer than this. Milliseconds. */
const patienceMs = 1500
/** What the page has sent arrives within this time after it has said that it is done. */
const arrivalMs = 100

/**
 * Before the window goes, its page is told to put down what is still being typed, the same way as
 * when a page is left, but while it can still speak to main.
 */
export function flushOnClose(window: BrowserWindow): void {
  let flushing = false
  window.on('close', (event) => {
    if (window.webContents.isCrashed()) return
    event.preventDefault()
    if (flushing) return
    flushing = true
    const told = window.webContents
      .executeJavaScript("dispatchEvent(new PageTransitionEvent('pagehide')); undefined")
      .catch(() => undefined)
    void Promise.race([told, pause(patienceMs)])
      .then(() => pause(arrivalMs))
      .then(() => {
        if (!window.isDestroyed()) window.destroy()
      })
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
