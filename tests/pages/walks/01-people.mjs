// A person's record is opened for a purpose; what is wrong with what was sent is said; what was done is said once.
import { Visitor } from '../lib/visitor.mjs'

/** Signs in and comes to where files are sent, by keys alone. */
async function byKeys(service, browser) {
  const { page } = await Visitor.open(service, browser, '')
  const here = () => page.evaluate(() => `${document.activeElement.name ?? ''} ${document.activeElement.textContent.trim()}`)
  const tabTo = async (what) => {
    for (let i = 0; i < 60; ++i) {
      await page.keyboard.press('Tab')
      if (what.test(await here())) return
    }
    throw new Error(`the Tab key does not come to ${what} on ${page.url()}`)
  }
  const { email, password } = service.accounts['provider-submitter']
  await page.goto('/sign-in')
  if (await page.locator('[name=council]').count()) {
    await tabTo(/^council /)
    await page.keyboard.type('Demonstration')
  }
  await tabTo(/^email /)
  await page.keyboard.type(email)
  await tabTo(/^password /)
  await page.keyboard.type(password)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  await tabTo(/^ *Skip to main content/)
  await tabTo(/Send a file/)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  return new URL(page.url()).pathname
}

export async function walk({ as, look, expect, wanted, service, browser }) {
  if (wanted('provider-submitter')) expect(await byKeys(service, browser) === '/send', 'by keys alone nobody comes to where files are sent')
  if (wanted('')) {
    const nobody = await as('')
    await nobody.visit('/sign-in')
    await nobody.chooseCouncil()
    await nobody.send({ email: 'nobody@example.org', password: 'wrong' }, 'Sign in')
    expect(await nobody.page.locator('.govuk-error-summary').count() === 1, 'signing in wrongly shows no error summary')
    await look(nobody, 'sign-in refused')
    await nobody.visit('/no-such-page')
    await look(nobody, 'no such page')
  }
  if (wanted('complaints-officer')) {
    const officer = await as('complaints-officer')
    await officer.visit('/people/open')
    await officer.send({ identifier: 'case:C-00001' }, 'Open')
    expect(await officer.page.locator('#purpose-error').count() === 1, 'opening without a purpose shows no error beside the field')
    await look(officer, 'people open without purpose')
    await officer.send({ identifier: 'case:C-00001', purpose: 'complaint', reference: 'C-00001' }, 'Open')
    expect(/\/people\/\d+$/.test(officer.page.url()), `the person was not opened: ${officer.page.url()}`)
    await look(officer, 'person')
    await officer.visit(`${new URL(officer.page.url()).pathname}/reads`)
    await look(officer, 'person reads')
  }
  if (wanted('administrator')) {
    const administrator = await as('administrator')
    await administrator.visit('/accounts')
    await administrator.send({ name: 'Made Up', email: 'made-up@demonstration.example', role: 'auditor' }, 'Add')
    await look(administrator, 'one-time code')
    const code = (await administrator.page.locator('.govuk-inset-text').innerText()).trim()
    if (wanted('')) {
      const nobody = await as('')
      await nobody.visit('/link')
      await nobody.send({ code: 'not-one' }, 'Go on')
      await look(nobody, 'one-time code refused')
      await nobody.send({ code }, 'Go on')
      await look(nobody, 'choose a password')
      await nobody.send({ password: 'plum-lantern-gravel-orbit', again: 'another' }, 'Keep this password')
      await look(nobody, 'choose a password refused')
    }
    await administrator.visit('/accounts')
    await administrator.page.getByRole('link', { name: 'Made Up' }).first().click()
    await administrator.send({}, 'Disable this account')
    expect(await administrator.page.locator('.govuk-notification-banner--success').count() === 1, 'disabling an account does not say that it was done')
    await look(administrator, 'account disabled')
    await administrator.page.reload()
    expect(await administrator.page.locator('.govuk-notification-banner').count() === 0, 'what was done is said twice')
  }
  if (wanted('guardian')) {
    const guardian = await as('guardian')
    await guardian.visit('/reading?from-day=31&from-month=2&from-year=2026')
    expect(await guardian.page.locator('.govuk-error-summary').count() === 1, 'a day that is none is not refused')
    await look(guardian, 'reading with a day that is none')
  }
  if (wanted('auditor')) {
    const auditor = await as('auditor')
    await auditor.visit('/account')
    await auditor.send({ password: 'wrong' }, 'Set up another app')
    await look(auditor, 'set up another app refused')
  }
}
