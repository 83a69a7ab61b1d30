import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { refuseDrops } from './features/start/refuse-drops.ts'
import { restoreTheme } from './features/theme/use-theme.ts'
import { createTexts } from './texts/create-texts.ts'
import './look.css'

const app = createApp(App)
app.use(createPinia())
app.use(createTexts())
restoreTheme()
refuseDrops(document)
app.mount('#app')
