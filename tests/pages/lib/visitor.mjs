// Somebody at their browser, as one role. No script of a page ever runs: JavaScript is off.
import { totp } from './service.mjs'

export class Visitor {
  constructor(service, context, page, role) {
    Object.assign(this, { service, context, page, role })
  }

  /** role: '' is nobody, who is not signed in. */
  static async open(service, browser, role) {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: service.address,
      viewport: { width: 1280, height: 900 } })
    const visitor = new Visitor(service, context, await context.newPage(), role)
    if (role) await visitor.signIn()
    return visitor
  }

  async signIn() {
    const { email, password, key } = this.service.accounts[this.role]
    for (let attempt = 0; ; ++attempt) {
      await this.page.goto('/sign-in')
      await this.chooseCouncil()
      await this.page.fill('[name=email]', email)
      await this.page.fill('[name=password]', password)
      // A code holds for its half minute: one typed at its end may come too late, and the next is tried.
      if (key) await this.page.fill('[name=code]', totp(key))
      await this.page.click('main button[type=submit]:visible')
      if (!new URL(this.page.url()).pathname.startsWith('/sign-in')) return
      if (attempt === 4) throw new Error(`${this.role} cannot sign in: ${await this.page.innerText('main')}`)
      await new Promise((resolve) => setTimeout(resolve, 8000))
    }
  }

  async chooseCouncil() {
    if (await this.page.locator('[name=council]').count()) await this.page.selectOption('[name=council]', '999')
  }

  /** The answer's status, the page then shown. */
  async visit(path) {
    const response = await this.page.goto(path)
    return response.status()
  }

  /** Fills fields by name ({name: value}), then presses the button with these words. */
  async send(fields, button) {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`main [name="${name}"]:not([type=hidden])`).first()
      const kind = await field.evaluate((element) => element.type ?? element.tagName)
      if (kind === 'select-one') await field.selectOption(value)
      else if (kind === 'radio' || kind === 'checkbox') await this.page.check(`main [name="${name}"][value="${value}"]`)
      else if (kind === 'file') await field.setInputFiles(value)
      else await field.fill(value)
    }
    await this.page.locator('main').getByRole('button', { name: button, exact: true }).first().click()
  }

  /** Where links of this page lead, within the service. */
  async links() {
    const hrefs = await this.page.locator('a[href]').evaluateAll((links) => links.map((link) => link.href))
    return hrefs.filter((href) => href.startsWith(this.service.address)).map((href) => href.slice(this.service.address.length))
  }
}
