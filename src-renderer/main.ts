import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { restoreInspectorWidth } from './features/inspector/use-inspector-width.ts'
import { followKeys } from './features/keys/use-keys.ts'
import { takeDrops } from './features/queue/take-drops.ts'
import { restoreDefaults } from './features/sheet/use-sheet.ts'
import { restoreTheme } from './features/theme/use-theme.ts'
import { createTexts } from './texts/create-texts.ts'
import './look.css'

const app = createApp(App)
app.use(createPinia())
app.use(createTexts())
restoreTheme()
restoreDefaults()
restoreInspectorWidth()
takeDrops(document)
followKeys(document)
app.mount('#app')
