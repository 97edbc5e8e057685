// What every page must hold to. Each check returns sentences about what is wrong; none means well.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const vnu = require.resolve('vnu-jar/build/dist/vnu.jar')
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** axe-core at WCAG 2.2 A and AA. */
export async function accessible(page) {
  await page.evaluate(axe)
  return page.evaluate(async (levels) => {
    const { violations } = await window.axe.run(document, { runOnly: levels, resultTypes: ['violations'] })
    return violations.map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.slice(0, 3)
      .map((node) => [...node.target, ...node.any.concat(node.all, node.none).map((check) => check.message).slice(0, 1)].join(' ')).join(', ')}`)
  }, levels)
}

/** WCAG 1.4.10: at 320 px, which is 1280 px at 400 %, nothing but tables scrolls sideways. */
export async function narrow(page) {
  await page.setViewportSize({ width: 320, height: 256 })
  const [whole, widest] = await page.evaluate(() => {
    const beyond = [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.app-scroll, .scroll'))
    return [document.documentElement.scrollWidth, beyond.slice(-2).map((e) => e.outerHTML.slice(0, 120)).join(' ')]
  })
  return whole > 320 ? [`at 320 px it is ${whole} px wide: ${widest}`] : []
}

/** The Tab key reaches every control, and one sees where it is. The page notes where the focus comes; keys are pressed without waiting. */
export async function keyboard(page) {
  const wanted = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
      .filter((e) => !e.disabled && e.checkVisibility())
    const seen = new Set()
    const counted = controls.filter((e) => e.type !== 'radio' || !seen.has(e.name) && seen.add(e.name))
    counted.forEach((e, i) => e.setAttribute('data-key', String(i)))
    const look = (e) => ['outline', 'boxShadow', 'backgroundColor', 'borderColor'].map((p) => getComputedStyle(e)[p]).join()
    const around = (e) => look(e) + (e.nextElementSibling ? getComputedStyle(e.nextElementSibling, '::before').boxShadow : '')
    const unfocused = counted.map(around)
    window.reached = {}
    document.addEventListener('focusin', ({ target: e }) => {
      const at = e.type === 'radio' ? document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"][data-key]`) : e
      const key = at?.getAttribute('data-key')
      if (key) window.reached[key] ??= e.type === 'radio' || around(e) !== unfocused[Number(key)]
    })
    document.activeElement?.blur()
    getSelection()?.removeAllRanges()
    scrollTo(0, 0)
    return counted.map((e) => e.outerHTML.slice(0, 100))
  })
  // What scrolls is a stop of its own: what one round does not reach the next may.
  for (let round = 0, reached = {}; ; ++round) {
    const missing = wanted.filter((_, i) => !(i in reached)).length
    if (missing === 0 || round === 3)
      return wanted.flatMap((html, i) => !(i in reached) ? [`the Tab key does not reach ${html}`] : !reached[i] ? [`one does not see that the keyboard is at ${html}`] : [])
    await Promise.all(Array.from({ length: missing + 10 }, () => page.keyboard.press('Tab')))
    reached = await page.evaluate(() => window.reached)
  }
}

/** The Nu HTML checker, over all pages at once: {file: [sentences]}. */
export function valid(folder, files) {
  if (files.length === 0) return {}
  let out
  try {
    out = execFileSync('java', ['-Xmx256m', '-jar', vnu, '--format', 'json', '--stdout', '--exit-zero-always', ...files.map((file) => join(folder, file))],
      { encoding: 'utf8', maxBuffer: 1 << 26 })
  } catch (error) {
    throw new Error(`the HTML checker could not run (Debian: default-jre-headless): ${error.message}`)
  }
  const wrong = {}
  for (const message of JSON.parse(out).messages) {
    if (message.type !== 'error') continue
    const file = message.url.split('/').pop();
    (wrong[file] ??= []).push(`${message.message} (${(message.extract ?? '').trim().slice(0, 120)})`)
  }
  return wrong
}

export function keep(folder, file, html) {
  writeFileSync(join(folder, file), html)
}
