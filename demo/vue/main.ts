import { computed, createApp, defineComponent, ref } from 'vue'
import { isWeixinError } from '../../client/index.ts'
import { useWeixin } from '../../client/vue.ts'
import { addressOf, dishAt, dishes, shareOf, texts, weixin } from '../frameworks/menu.ts'
import { address, go } from './route.ts'

// In your project: import { useWeixin } from 'wx-h5-kit/vue'

function useMenu() {
  const dish = computed(() => dishAt(address.value))
  const { status, error, environment, verified, shared, ready } = useWeixin(weixin, {
    share: () => shareOf(dish.value),
    watch: () => address.value,
  })

  const scanned = ref('')
  const scan = async () => {
    try {
      const { resultStr = '' } = await weixin.call('scanQRCode', { needResult: 1 })
      scanned.value = texts.scanned + resultStr
    } catch (failed) {
      if (!isWeixinError(failed)) throw failed
      scanned.value = failed.code
    }
  }

  const fromModules = { texts, dishes, addressOf, go }
  return { ...fromModules, dish, status, error, environment, verified, shared, scanned, ready, scan }
}

const Menu = defineComponent({
  setup: useMenu,

  template: `
    <main class="menu">
      <header>
        <p class="menu-framework">wx-h5-kit/vue</p>
        <h1>{{ texts.title }}</h1>
        <p class="menu-lead">{{ texts.lead }}</p>
      </header>

      <div class="menu-status" role="status" :data-status="status">
        <span>{{ texts.status[status] }}<template v-if="error"> · {{ error.code }}</template></span>
        <button v-if="error" type="button" class="button button-small" @click="ready">{{ texts.retry }}</button>
      </div>

      <nav class="menu-dishes">
        <a v-for="each in dishes" class="menu-dish" :key="each.id" :href="addressOf(each)"
          :aria-current="each === dish ? 'page' : undefined" @click.prevent="go(addressOf(each))">
          <img :src="each.picture" alt="" /> {{ each.name }}
        </a>
      </nav>

      <section class="menu-card">
        <h2>{{ dish.name }} <span>{{ dish.price }}</span></h2>
        <p>{{ dish.about }}</p>
        <button type="button" class="button button-wide" @click="scan">{{ texts.scan }}</button>
        <p v-if="scanned" class="menu-scanned">{{ scanned }}</p>
        <dl>
          <div><dt>{{ texts.facts.platform }}</dt><dd>{{ environment.platform }}</dd></div>
          <div v-if="verified"><dt>{{ texts.facts.verified }}</dt><dd>{{ verified.url }}</dd></div>
          <div v-if="shared"><dt>{{ texts.facts.shared }}</dt><dd class="menu-shared">{{ shared.link }}</dd></div>
        </dl>
      </section>
    </main>`,
})

createApp(Menu).mount('#app')
