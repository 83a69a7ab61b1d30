// As much of SVG as the plots need: text and plain shapes on white, readable on any page.

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const colours = {
  weir: '#14688a',
  other: '#a3adb3',
  target: '#b3361f',
  text: '#1d2a30',
  line: '#d5dbde',
}

/**
 * @param {{ width: number, height: number, title: string }} size
 * @param {string[]} shapes
 */
export function composeSvg({ width, height, title }, shapes) {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="13">`
  const background = `<rect width="${width}" height="${height}" fill="#ffffff"/>`
  return [head, `<title>${escapeText(title)}</title>`, background, ...shapes, '</svg>', ''].join('\n')
}

export function drawRectangle({ x, y, width, height, fill }) {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}"/>`
}

/** @param {{ from: number[], to: number[], colour?: string, width?: number }} line */
export function drawLine({ from, to, colour = colours.line, width = 1 }) {
  return `<line x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}" stroke="${colour}" stroke-width="${width}"/>`
}

/** @param {number[][]} points */
export function drawPath(points, { colour, dashes }) {
  const places = points.map((point) => point.map(round).join(',')).join(' ')
  const dash = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`
  return `<polyline points="${places}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`
}

export function drawDot([x, y], colour) {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="5" fill="${colour}"/>`
}

/** @param {{ x: number, y: number, anchor?: 'start' | 'middle' | 'end', colour?: string, size?: number }} place baseline */
export function drawText(text, { x, y, anchor = 'start', colour = colours.text, size = 13 }) {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}" font-size="${size}">${escapeText(text)}</text>`
}

function escapeText(text) {
  return text.replace(/[&<>"]/g, (character) => escapes[character])
}

function round(number) {
  return Math.round(number * 10) / 10
}
