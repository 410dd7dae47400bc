import '@fontsource-variable/inter/index.css'
import './theme.css'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { createApi } from './api/client'
import { AppContext } from './components/AppContext'
import { Crash } from './shell/Crash'
import { Shell } from './shell/Shell'
import { createApp, type App } from './state/app'
import { flush, openSession } from './state/workflow'

// The window's policy forbids code from strings, which zod would otherwise try.
z.config({ jitless: true })

async function start(app: App): Promise<void> {
  await app.settings.load().catch(app.notices.fail)
  try {
    const info = await app.api.call('app.info', undefined)
    app.info.setState({ info })
    for (const notice of info.notices) {
      app.notices.tell(notice.message, { tone: 'error', hint: notice.hint })
    }
    if (info.openSession !== null) await openSession(app, info.openSession)
    await app.sessions.refresh()
  } catch (thrown) {
    app.notices.fail(thrown)
  }
}

const app = createApp(createApi(window.pixelwise))
window.addEventListener('pagehide', () => {
  flush(app)
})
const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')
// The settings hold the theme: waiting for them avoids a flash of the other one.
void start(app)
createRoot(root).render(
  <AppContext value={app}>
    <Crash>
      <Shell />
    </Crash>
  </AppContext>,
)
